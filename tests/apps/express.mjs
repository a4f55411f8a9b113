/* The head of an answer of an app in Express, with the lines that come in put into it: `node express.mjs <folder>`,
   where the folder has helmet, which forbids frames unless it is told. Of Express they need what it does with middleware. */

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const helmet = createRequire(`${process.argv[2]}/`)("helmet");
const middleware = [];
const app = { use: (each) => middleware.push(each) };
new Function("app", "helmet", await text(process.stdin))(app, helmet);

const server = createServer((request, response) => {
  const go = ([first, ...others]) => (first ? first(request, response, () => go(others)) : response.end("hi"));
  go(middleware);
});
server.listen(0, "127.0.0.1", async () => {
  const { headers } = await fetch(`http://127.0.0.1:${server.address().port}/`);
  console.log(JSON.stringify([...headers]));
  server.close();
  server.closeAllConnections();
});
