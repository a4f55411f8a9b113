/* Lets the example in Node judge every request: `node verify.mjs <its folder> <vectors>`. */

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const { Refused, verify } = await import(pathToFileURL(`${folder}/verify.mjs`));
const { at, secret, ...lists } = JSON.parse(await readFile(file, "utf8"));

function isTaken({ headers, body }) {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  try {
    return verify(lower, Buffer.from(body), secret, () => at) === headers["X-Chatwoot-Delivery"];
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

console.log(JSON.stringify({ good: lists.good.map(isTaken), bad: lists.bad.map(isTaken) }));
