/* A receiver of webhooks: believes its own desk alone, takes each event once, writes it down and says so.

   SECRET=… PORT=8080 node server.mjs */

import { existsSync } from "node:fs";
import { mkdirSync } from "node:fs";
import { renameSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Refused } from "./verify.mjs";
import { verify } from "./verify.mjs";

const { SECRET, PORT = 8080, FOLDER = "events" } = process.env;
const LARGEST = 4 * 2 ** 20;
mkdirSync(FOLDER, { recursive: true });

async function receive(request) {
  const body = await bytesOf(request);
  const delivery = verify(request.headers, body, SECRET);
  // Each delivery is a file, also after a restart. What is to be done about it, another program does.
  const file = join(FOLDER, `${delivery}.json`);
  if (existsSync(file)) return;
  writeFileSync(`${file}.part`, body);
  renameSync(`${file}.part`, file); // there is all of it, or nothing
  console.log(`taken: ${JSON.parse(body).event}`);
}

/* The bytes that were signed: as text they might be others. */
async function bytesOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST) throw new Refused("too large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const server = createServer(async (request, response) => {
  try {
    await receive(request);
    response.writeHead(204).end();
  } catch (error) {
    console.warn(error instanceof Refused ? `refused: ${error.message}` : error);
    // What you refuse does not come again; what only went wrong here does.
    response.writeHead(error instanceof Refused ? 401 : 500, { Connection: "close" }).end();
  }
});
server.listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
