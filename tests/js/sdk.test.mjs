import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";

const SDK = new URL("../../static/sdk/v1.js", import.meta.url);
const DESK = "https://desk.example";
const CONTEXT = { conversation: { id: 12 }, contact: { id: 9, name: "Maria" }, currentAgent: {}, customAttributes: [] };

/* A window in a frame: `said` is what the page posted to its parent, `hear` posts to the page, `pass` lets time go. */
function framed(t) {
  const listeners = [];
  const said = [];
  const parent = { postMessage: (message, target) => said.push({ message, target }) };
  globalThis.window = { parent, addEventListener: (_, listen) => listeners.push(listen) };
  const { setTimeout } = globalThis;
  const timers = [];
  globalThis.setTimeout = (run, time) => void timers.push({ run, time });
  t.after(() => (globalThis.setTimeout = setTimeout));
  const pass = (time) => timers.filter((timer) => timer.time <= time).forEach(({ run }) => run());
  const hear = (data, { source = parent, origin = DESK, ports = [] } = {}) =>
    listeners.forEach((listen) => listen({ data, source, origin, ports }));
  return { said, hear, pass };
}

function welcome({ said, hear }, more = {}) {
  const { port1, port2 } = new MessageChannel();
  const asked = [];
  const waiting = [];
  port1.onmessage = ({ data }) => (waiting.shift() ?? ((each) => asked.push(each)))(data);
  const next = () => (asked.length > 0 ? Promise.resolve(asked.shift()) : new Promise((done) => waiting.push(done)));
  const letter = {
    deskframe: 1, type: "welcome", nonce: said[0].message.nonce, version: 1, session: "s", host: {}, app: {},
    granted: { actions: ["toast"] }, env: { theme: "dark" }, ctx: { id: "c1", reason: "initial", data: CONTEXT }, ...more,
  };
  hear(letter, { ports: [port2] });
  return { port: port1, next };
}

const { connect, DeskError } = await import(SDK);

test("the SDK is small and needs nothing else", () => {
  const source = readFileSync(SDK, "utf8");
  assert.ok(gzipSync(source, { level: 9 }).length < 6 * 1024);
  assert.doesNotMatch(source, /^\s*import /m);
});

test("hello holds no data, and the welcome to it connects", async (t) => {
  const page = framed(t);
  const connecting = connect({ name: "orders" });
  const [{ message, target }] = page.said;
  assert.equal(target, "*");
  assert.deepEqual({ ...message, nonce: "" }, {
    deskframe: 1, type: "hello", nonce: "", versions: [1], sdk: { name: "orders", version: "0" },
  });
  assert.match(message.nonce, /^[\w-]{22,64}$/);
  const { port, next } = welcome(page);
  const desk = await connecting;
  assert.deepEqual([desk.mode, desk.hostOrigin, desk.theme, desk.context], ["native", DESK, "dark", CONTEXT]);

  const toast = desk.toast({ message: "Hi" });
  assert.deepEqual(await next(), { id: 1, m: "toast", p: { message: "Hi" } });
  port.postMessage({ id: 1, ok: true, r: null });
  assert.equal(await toast, null);

  const insert = desk.reply.insert({ text: "Hi" });
  assert.deepEqual(await next(), { id: 2, m: "reply.insert", p: { text: "Hi" }, ctx: "c1" });
  port.postMessage({ id: 2, ok: false, e: { code: "rate_limited", message: "Slowly.", retry_after: 3 } });
  await assert.rejects(insert, (error) => error instanceof DeskError && error.code === "rate_limited" && error.retryAfter === 3);

  port.postMessage({ ping: 7 });
  assert.deepEqual(await next(), { pong: 7 });
  port.close();
});

test("a context that changes, a question that is taken back, and the end", async (t) => {
  const page = framed(t);
  const connecting = connect();
  const { port, next } = welcome(page);
  const desk = await connecting;
  const heard = [];
  const changed = new Promise((done) => desk.onContext((context, change) => heard.push([context, change]) === 2 && done()));
  const other = { ...CONTEXT, contact: { id: 10, name: "Jonas" } };
  port.postMessage({ ev: "context.changed", seq: 1, ctx: "c2", reason: "conversation", changed: ["contact.name"], data: other });
  await changed;
  assert.deepEqual(heard[1], [other, { reason: "conversation", changed: ["contact.name"] }]);

  const ending = new AbortController();
  const asked = desk.request("confirm", { message: "Sure?" }, { signal: ending.signal });
  assert.equal((await next()).ctx, undefined);
  ending.abort();
  await assert.rejects(asked);
  assert.deepEqual(await next(), { cancel: 1 });

  let kept = false;
  desk.onTeardown(async () => (kept = true));
  port.postMessage({ ev: "teardown", seq: 2, deadline_ms: 500 });
  assert.deepEqual(await next(), { ack: "teardown" });
  assert.ok(kept);
  port.close();
});

test("a token is kept until twenty seconds before its end, and belongs to one conversation", async (t) => {
  const page = framed(t);
  const connecting = connect();
  const { port, next } = welcome(page);
  const desk = await connecting;
  const answer = async (token, expires_at) => port.postMessage({ id: (await next()).id, ok: true, r: { token, expires_at } });
  const now = Date.now() / 1000;

  const [first] = await Promise.all([desk.token(), answer("one", now + 120)]);
  assert.deepEqual([first, await desk.token()], ["one", "one"]);
  const told = new Promise((done) => desk.onContext((_, { reason }) => reason === "conversation" && done()));
  port.postMessage({ ev: "context.changed", seq: 1, ctx: "c2", reason: "conversation", changed: [], data: CONTEXT });
  await told;
  const [second] = await Promise.all([desk.token(), answer("two", now + 10)]);
  assert.equal(second, "two", "a new one, however short it lives, is what there is");
  const [third] = await Promise.all([desk.token(), answer("three", now + 120)]);
  assert.equal(third, "three");
  port.close();
});

test("nobody but the window around, at an origin that is expected, is believed", async (t) => {
  const page = framed(t);
  let connected = false;
  connect({ host: [DESK] }).then(() => (connected = true));
  const letter = { deskframe: 1, type: "welcome", nonce: page.said[0].message.nonce };
  page.hear(letter, { source: {}, ports: [1] });
  page.hear(letter, { origin: "https://desk.example.evil", ports: [1] });
  page.hear({ ...letter, nonce: "x" }, { ports: [1] });
  page.hear(letter);
  page.hear(JSON.stringify({ event: "appContext", data: CONTEXT }), { origin: "https://evil.example" });
  page.pass(1000);
  await Promise.resolve();
  assert.equal(connected, false);
});

test("where nobody welcomes it, an app hears Chatwoot's protocol, and asks in its words", async (t) => {
  const page = framed(t);
  const connecting = connect();
  page.pass(600);
  assert.deepEqual(page.said.at(-1), { message: "chatwoot-dashboard-app:fetch-info", target: "*" });
  page.hear("not JSON");
  page.hear("null");
  page.hear(JSON.stringify({ event: "appContext", data: { ...CONTEXT, theme: "dark" } }));
  const desk = await connecting;
  assert.deepEqual([desk.mode, desk.theme, desk.context.contact.name], ["chatwoot", "dark", "Maria"]);
  await assert.rejects(desk.reply.insert({ text: "Hi" }), { code: "unsupported" });
  const asked = desk.requestContext();
  assert.equal(page.said.at(-1).target, DESK);
  page.hear(JSON.stringify({ event: "appContext", data: { ...CONTEXT, contact: { name: "Jonas" } } }));
  assert.equal((await asked).contact.name, "Jonas");

  const { port } = welcome(page);
  assert.equal(desk.mode, "native", "a desk that was slow is better late than never");
  port.close();
});

test("a page that stands in no desk is told so", async () => {
  globalThis.window = { addEventListener() {} };
  globalThis.window.parent = globalThis.window;
  await assert.rejects(connect(), { code: "unsupported" });
});

test("an app hears of its settings and its size, and gets the next token before the last one ends", async (t) => {
  const page = framed(t);
  const connecting = connect();
  const { port, next } = welcome(page);
  const desk = await connecting;
  const heard = [];
  const note = (kind) => (value) => heard.push([kind, value]);
  desk.onSettings(note("settings"));
  desk.onResize(note("resize"));
  const stop = desk.onToken(note("token"));
  const give = async (token) => {
    port.postMessage({ id: (await next()).id, ok: true, r: { token, expires_at: Date.now() / 1000 + 120 } });
  };

  const granted = { actions: ["token.get"] };
  port.postMessage({ ev: "settings.changed", seq: 1, app: { title: "Bills" }, granted });
  port.postMessage({ ev: "frame.resized", seq: 2, viewport: { width: 300, height: 200 } });
  const first = desk.token();
  await give("first");
  assert.equal(await first, "first");
  port.postMessage({ ev: "token.expiring", seq: 3, expires_at: 1 });
  await give("second");
  assert.equal(await desk.token(), "second");
  assert.deepEqual(heard, [
    ["settings", { app: { title: "Bills" }, granted }],
    ["resize", { width: 300, height: 200 }],
    ["token", "second"],
  ]);
  assert.deepEqual([desk.app, desk.granted, desk.env.viewport], [{ title: "Bills" }, granted, { width: 300, height: 200 }]);

  stop();
  port.postMessage({ ev: "token.expiring", seq: 4, expires_at: 1 });
  const third = desk.request("toast", { message: "x" }); // nobody waits for a token: this is what is asked next
  assert.equal((await next()).m, "toast");
  port.close();
  third.catch(() => {});
});
