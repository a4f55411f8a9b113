/* Against the beginning: a port that is not meant for who asks. */

import { greet } from "./desk.js";
import { hello } from "./desk.js";

const SHORT = 400;

export const againstTheHello = [
  ["Say hello out of a frame inside this one", fromWithin],
  ["Say hello with a version that nobody speaks", () => greet(hello({ versions: [99] }), undefined, SHORT)],
  ["Say hello with words that nobody knows", () => greet(hello({ admin: true }), undefined, SHORT)],
  ["Say hello with a name that is too short to be random", () => greet(hello({ nonce: "1" }), undefined, SHORT)],
  ["Say hello with five kilobytes", () => greet(hello({ sdk: { name: "x".repeat(5000), version: "1" } }), undefined, SHORT)],
  ["Bring a port of one's own", () => greet(hello(), (said) => window.parent.postMessage(said, "*", [new MessageChannel().port1]), SHORT)],
];

/* The agent's page is the parent of this page, not of that one. */
function fromWithin() {
  const said = hello();
  const inner = document.createElement("iframe");
  inner.hidden = true;
  inner.srcdoc = `<script>parent.parent.postMessage(${JSON.stringify(said)}, "*");
    addEventListener("message", ({ data, ports }) => ports.length && parent.postMessage({ ...data, stolen: true }, "*"));<\/script>`;
  return greet(said, () => document.body.append(inner), 800).finally(() => inner.remove());
}
