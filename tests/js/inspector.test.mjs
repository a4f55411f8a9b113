import assert from "node:assert/strict";
import test from "node:test";
import { readFileSync } from "node:fs";

import { fitting, fixtureOf, LARGEST, mayReplay, messageOf, MOST as LONGEST_FIXTURE, readFixture, stepsOf } from "../../static/js/lib/native/fixture.js";
import { HIDDEN, redacted } from "../../static/js/lib/native/redact.js";
import { madeUp } from "../../static/js/lib/native/made-up.js";
import { MOST, Timeline } from "../../static/js/lib/native/timeline.js";
import { placeFor } from "../../static/js/lib/native/placing.js";
import { refusal, Refusal } from "../../static/js/lib/native/request.js";
import { saying, sizeOf } from "../../static/js/lib/native/sayings.js";

const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZ2VudDo3In0.c2lnbmF0dXJl";
const NONCE = "abcdefghijklmnopqrstuv";
const HELLO = { deskframe: 1, type: "hello", nonce: NONCE, versions: [1] };
const CONTEXT = { event: "appContext", data: { conversation: { id: 40, status: "open" }, contact: { name: "Maria Silva", email: "maria@example.com" } } };
const WELCOME = { deskframe: 1, type: "welcome", nonce: NONCE, session: "5e55", ctx: { id: "c1", seq: 0, reason: "initial", data: CONTEXT.data } };
const frame = { index: 0, app: { id: 7 } };

/* A timeline that is told of messages, each a while after the one before. */
function talk() {
  const timeline = new Timeline();
  let at = 0;
  const say = (direction) => (data, { verdict = "take", after = 1000, where = frame } = {}) =>
    timeline.add({ frame: where, at: (at += after), direction, data, verdict });
  return { timeline, hear: say("in"), tell: say("out") };
}

test("nothing that opens a door is shown, by whatever name and however deep", () => {
  const said = { r: { token: TOKEN, expires_at: 12 }, session: "5e55", deep: [{ accessToken: "x", "api-key": "y", authorization: "z" }], secrets: { crm: "abc", n: 3 } };
  assert.deepEqual(redacted(said), {
    r: { token: HIDDEN, expires_at: 12 }, session: HIDDEN, deep: [{ accessToken: HIDDEN, "api-key": HIDDEN, authorization: HIDDEN }], secrets: { crm: HIDDEN, n: HIDDEN },
  });
  assert.equal(redacted(`Bearer ${TOKEN}, he said`), `Bearer ${HIDDEN}, he said`);
  assert.equal(redacted(`https://a.example/?desk_token=${TOKEN}&id=7`), `https://a.example/?desk_token=${HIDDEN}&id=7`);
  assert.equal(redacted("https://a.example/f?X-Amz-Signature=abc&b=1#token=z"), `https://a.example/f?X-Amz-Signature=${HIDDEN}&b=1#token=${HIDDEN}`);
});

test("what opens nothing stays as it is, and the original is not touched", () => {
  const said = { token: null, cookies: "", tokens_left: 3, name: "Token Ring", content: "the key is under the mat", list: [1, true, null] };
  assert.deepEqual(redacted(said), said);
  assert.notEqual(redacted(said), said);
  const odd = JSON.parse('{"__proto__": {"token": "x"}}');
  assert.equal(JSON.stringify(redacted(odd)), `{"__proto__":{"token":"${HIDDEN}"}}`);
});

test("each message has a kind, a name and a size", () => {
  const cases = [
    ["in", "chatwoot-dashboard-app:fetch-info", "fetch-info", "fetch-info"], ["in", HELLO, "hello", "hello"],
    ["in", { id: 1, m: "labels.add", p: {} }, "request", "labels.add"], ["in", { pong: 3 }, "pong", "pong"],
    ["in", { cancel: 3 }, "cancel", "cancel"], ["in", { ack: "teardown" }, "ack", "ack"], ["in", { id: 1, m: 5 }, "request", "?"],
    ["in", null, "request", "?"], ["in", "hi", "request", "?"], ["in", { type: "notification", message: "x" }, "notification", "notification"],
    ["out", WELCOME, "welcome", "welcome"], ["out", CONTEXT, "context", "appContext"], ["out", JSON.stringify(CONTEXT), "context", "appContext"],
    ["out", { ev: "visibility", visible: true }, "event", "visibility"], ["out", { ping: 2 }, "ping", "ping"], ["out", { id: 1, ok: true, r: 1 }, "reply", ""],
  ];
  for (const [direction, data, kind, name] of cases) {
    const told = saying(direction, data);
    assert.deepEqual([told.kind, told.name], [kind, name], JSON.stringify(data));
  }
  assert.equal(sizeOf("in", { a: "ü" }), 10);
  assert.equal(sizeOf("in", "ü"), 2);
  assert.equal(sizeOf("in", new Map()), null);
  assert.equal(sizeOf("in", { a: "x".repeat(5_000_000) }), null);
});

test("a reply is paired with its request: its name, how long it took, and why it was refused", () => {
  const { timeline, hear, tell } = talk();
  hear({ id: 4, m: "toast", p: { message: "Hi" } });
  const request = hear({ id: 5, m: "token.get", p: {} });
  const reply = tell({ id: 5, ok: true, r: { token: TOKEN } }, { after: 12 });
  const refused = tell(refusal(4, new Refusal("denied_scope")), { after: 3 });
  assert.deepEqual([request.ms, reply.ms, reply.name], [12, 12, "token.get"]);
  const [toast] = timeline.rows;
  assert.deepEqual([toast.refused, toast.message, toast.ms], ["denied_scope", "The app was not granted this.", 1015]);
  assert.equal(refused.name, "toast");
  assert.ok(timeline.changed.has(toast) && timeline.changed.has(request));
});

test("greetings, questions for the context and pings are paired too, in their own frame only", () => {
  const { hear, tell } = talk();
  const other = { index: 1, app: frame.app };
  const hello = hear(HELLO);
  tell(WELCOME, { after: 30, where: other });
  assert.equal(hello.ms, null);
  tell(WELCOME, { after: 10 });
  assert.equal(hello.ms, 40);
  const asked = hear("chatwoot-dashboard-app:fetch-info");
  tell(CONTEXT, { after: 2 });
  tell(JSON.stringify(CONTEXT), { after: 2 });
  assert.equal(asked.ms, 2);
  const ping = tell({ ping: 1 });
  assert.equal(hear({ pong: 1 }, { after: 5 }).ms, 5);
  assert.equal(ping.ms, 5);
});

test("what the host has not listened to says why", () => {
  const { timeline, hear } = talk();
  assert.equal(hear({ type: "other" }, { verdict: "ignored" }).refused, "ignored");
  assert.equal(hear({ id: 1, m: "toast" }, { verdict: "ports" }).refused, "ports");
  assert.equal(hear({ m: "toast" }).refused, "invalid");
  assert.equal(hear({ p: "x".repeat(70_000) }).refused, "too_large");
  const hello = hear(HELLO);
  assert.equal(hear(null, { verdict: "hellos" }), null);
  assert.equal(hello.refused, "hellos");
  assert.ok(timeline.changed.has(hello));
  const notes = [1, 2, 3].map((message) => hear({ type: "notification", message }));
  for (const verdict of ["noted", "noted", "notes"]) hear(null, { verdict });
  assert.deepEqual(notes.map(({ refused }) => refused), [null, null, "notes"]);
});

test("a flood is counted, not kept; and what is kept has an end", () => {
  const { timeline, hear } = talk();
  for (let n = 0; n < 10_000; n += 1) hear({ id: n, m: "toast" }, { after: 0.1, verdict: n < 40 ? "take" : "muted" });
  assert.equal(timeline.rows.length, 41);
  assert.deepEqual([timeline.rows[40].count, timeline.rows[40].refused, timeline.rows[40].data], [9960, "muted", undefined]);
  for (let n = 0; n < 10_000; n += 1) hear({ type: "x", n }, { after: 0.1, verdict: "ignored" });
  assert.ok(timeline.rows.length <= MOST);
  assert.ok(timeline.rows.some(({ kind, refused, count }) => kind === "flood" && refused === "skipped" && count > 800));
  for (let n = 0; n < 500; n += 1) hear({ id: n, m: "toast" });
  assert.equal(timeline.rows.length, MOST);
});

function recorded() {
  const { timeline, hear, tell } = talk();
  hear(HELLO);
  tell({ ...WELCOME, ctx: { ...WELCOME.ctx } });
  hear({ id: 1, m: "token.get", p: {} });
  tell({ id: 1, ok: true, r: { token: TOKEN } });
  hear({ id: 2, m: "labels.add", p: { labels: ["vip"] }, ctx: "c1" });
  tell({ id: 2, ok: true, r: {} });
  tell({ ev: "visibility", seq: 1, visible: false }, { after: 60_000 });
  tell({ ev: "teardown", seq: 2, deadline_ms: 500 });
  tell(JSON.stringify(CONTEXT));
  const app = { id: 7, title: "Orders" };
  const messages = timeline.rows.map((row) => messageOf(row, timeline.rows[0].at));
  return fixtureOf(messages, { app, origin: "https://orders.example.com", recordedAt: "2026-01-01T00:00:00.000Z" });
}

test("a fixture is read as it was written, and holds no secret", () => {
  const fixture = recorded();
  const text = JSON.stringify(fixture);
  assert.deepEqual(readFixture(text), { fixture });
  for (const secret of [TOKEN, NONCE, "5e55"]) assert.ok(!text.includes(secret), secret);
  assert.deepEqual(fixture.messages.at(-1), { at: 67_000, from: "desk", frame: 0, data: CONTEXT, text: true });
});

test("of a long timeline a fixture has the end", () => {
  const rows = [1, 2, 3, 4].map((number) => ({ number, size: LARGEST / 8, data: number === 4 ? undefined : {} }));
  assert.deepEqual(fitting(rows).map(({ number }) => number), [2, 3]);
});

test("a file that is no fixture is told apart from one of another version", () => {
  const fixture = recorded();
  const cases = [
    ["", "no_fixture"], ["[]", "no_fixture"], ["{", "no_fixture"], ['{"a":1}', "no_fixture"], [`{"x":"${"x".repeat(LARGEST)}"}`, "too_large_file"],
    [JSON.stringify({ ...fixture, deskframe_fixture: 2 }), "version"],
    [JSON.stringify({ ...fixture, data: "other" }), "no_fixture"],
    [JSON.stringify({ ...fixture, messages: [{}] }), "no_fixture"],
    [JSON.stringify({ ...fixture, messages: Array(LONGEST_FIXTURE + 1).fill(fixture.messages[0]) }), "no_fixture"],
  ];
  for (const [text, problem] of cases) assert.deepEqual(readFixture(text), { problem }, text.slice(0, 60));
});

test("a replay says what the desk said, never what the app asked and no answer; and nothing can be written for its context", () => {
  const steps = stepsOf(recorded());
  assert.deepEqual(steps.map(({ event, letter }) => event?.ev ?? letter.event), ["context.changed", "visibility", "appContext"]);
  assert.equal(steps[0].event.ctx, "replay-c1");
  assert.deepEqual(steps.map(({ wait }) => wait), [0, 1000, 1000]);
  assert.deepEqual(stepsOf({ messages: [{ at: 1, from: "desk", frame: 0, data: null }, { at: 1, from: "app", frame: 0, data: CONTEXT }] }), []);
});

test("a fixture with made-up data names nobody, and still fits together", () => {
  const message = { message_type: "incoming", content: "I am Maria Silva", content_attributes: { order: 77, kind: "Maria" }, created_at: "2026-01-01T00:00:00Z" };
  const contact = { id: 3, name: "Maria Silva", email: "maria@example.com", phone_number: "+4479", custom_attributes: { "plan": "gold", seats: 4, ok: true } };
  const data = { conversation: { status: "open", messages: [message], meta: { sender: contact } }, contact };
  const messages = [
    { at: 0, from: "app", frame: 0, data: "chatwoot-dashboard-app:fetch-info" },
    { at: 0, from: "desk", frame: 0, data: { event: "appContext", data } },
    { at: 0, from: "app", frame: 0, data: { id: 1, m: "reply.insert", p: { text: "Dear Maria", type: "Maria" }, ctx: "c1" } },
  ];
  const { data: kind, messages: [ask, told, request] } = madeUp({ ...recorded(), messages });
  const { contact: person, conversation } = told.data.data;
  assert.equal(kind, "made-up");
  assert.equal(ask.data, "chatwoot-dashboard-app:fetch-info");
  assert.ok(!/Maria|maria|4479|gold|77/.test(JSON.stringify([told, request])), JSON.stringify([told, request]));
  assert.deepEqual(conversation.meta.sender, person);
  assert.match(person.email, /^person-\d+@example\.com$/);
  assert.deepEqual([person.id, person.custom_attributes.seats, person.custom_attributes.ok], [3, 1, true]);
  assert.deepEqual([conversation.status, conversation.messages[0].message_type, conversation.messages[0].created_at], ["open", "incoming", "2026-01-01T00:00:00Z"]);
  assert.deepEqual([request.data.m, request.data.ctx], ["reply.insert", "c1"]);
});

test("real data goes to no other app", () => {
  const fixture = recorded();
  assert.ok(mayReplay(fixture, { id: 7, origin: "https://orders.example.com" }));
  assert.ok(!mayReplay(fixture, { id: 8, origin: "https://orders.example.com" }));
  assert.ok(!mayReplay(fixture, { id: 7, origin: "https://evil.example.com" }));
  assert.ok(mayReplay(madeUp(fixture), { id: 8, origin: "https://evil.example.com" }));
});

test("the inspector stands where it covers nothing of the app, or below it", () => {
  assert.deepEqual(placeFor({ start: 1068, end: 1440 }, 1440, 416), { kind: "before", offset: 372 });
  assert.deepEqual(placeFor({ start: 380, end: 1000 }, 1440, 416), { kind: "after", offset: 24 });
  assert.deepEqual(placeFor({ start: 0, end: 390 }, 390, 416), { kind: "below", offset: 0 });
  assert.deepEqual(placeFor({ start: 300, end: 1440 }, 1440, 416), { kind: "below", offset: 0 });
  assert.deepEqual(placeFor({ start: 1068, end: 1440 }, 390, 416), { kind: "below", offset: 0 });
});

test("the fixture that is documented is one", () => {
  const page = readFileSync(new URL("../../docs/apps/inspector.md", import.meta.url), "utf-8");
  const [, text] = /```json\n([\s\S]*?)```/.exec(page);
  const { fixture } = readFixture(text);
  assert.deepEqual(stepsOf(fixture).map(({ event, letter, wait }) => [event?.ev ?? letter.event, wait]), [["context.changed", 0], ["context.changed", 1000]]);
});
