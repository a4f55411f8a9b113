/* Reads [[name, source, sent], …] and prints the names of those where the two are not the same program. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { transformSync } = createRequire(process.argv[2])("esbuild");
const printed = (script) => transformSync(script, { minifyWhitespace: true, format: "esm", target: "esnext" }).code;
const differing = JSON.parse(readFileSync(0)).filter(([, source, sent]) => printed(source) !== printed(sent));

console.log(JSON.stringify(differing.map(([name]) => name)));
