/* Lets the example in Node judge every vector: `node verify.mjs <its folder> <vectors> <address of the keys>`. */

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, file, jwks] = process.argv.slice(2);
const { makeVerifier } = await import(pathToFileURL(`${folder}/verify.mjs`));
const vectors = JSON.parse(await readFile(file, "utf8"));
const desk = { desk: vectors.issuer, clientId: vectors.client_id, origin: vectors.origin, jwks, now: () => vectors.at };

async function isTaken({ token, kind, after }) {
  const verify = makeVerifier(desk);
  const check = (each) => verify(each, kind, { url: vectors.url });
  if (after) await check(after);
  return check(token).then(() => true, () => false);
}

const judged = {};
for (const list of ["good", "bad"]) {
  judged[list] = [];
  for (const vector of vectors[list]) judged[list].push(await isTaken(vector));
}
console.log(JSON.stringify(judged));
