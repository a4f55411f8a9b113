import assert from "node:assert/strict";
import test from "node:test";

import { FETCH_INFO, formatAfter, isFrom, letters, markOf, readMessage } from "../../static/js/lib/bridge.js";
import { mountProblem } from "../../static/js/lib/shelf.js";

const ORIGIN = "https://app.example";
const frame = { window: { name: "the app's window" }, origin: ORIGIN };
const event = (more) => ({ isTrusted: true, source: frame.window, origin: ORIGIN, ...more });

const about = {
  key: "12",
  data: {
    conversation: { id: 12, contact: { id: 9, name: "Maria" } },
    contact: { id: 9, name: "Maria" },
    currentAgent: { id: 7, name: "Bo", email: "bo@acme.example" },
    customAttributes: [],
    theme: "dark",
    meta: { v: 1 },
  },
};

test("a message counts only from the frame's own window at its pinned origin", () => {
  assert.ok(isFrom(event(), frame));
  assert.ok(!isFrom(event({ source: {} }), frame));
  assert.ok(!isFrom(event({ source: null }), { window: null, origin: ORIGIN }));
  assert.ok(!isFrom(event({ isTrusted: false }), frame));
});

test("origins that only look alike are strangers", () => {
  const others = [
    "https://app.example.evil", "https://appXexample", "http://app.example", "https://app.example:8443",
    "https://app.example.", "https://APP.example", "https://app.example/", "https://evil.app.example", "null", "", "*",
  ];
  for (const origin of others) assert.ok(!isFrom(event({ origin }), frame), origin);
});

test("asking for the context is the exact text and nothing around it", () => {
  assert.deepEqual(readMessage(FETCH_INFO), { kind: "fetch-info" });
  for (const near of [` ${FETCH_INFO}`, `${FETCH_INFO}\n`, JSON.stringify(FETCH_INFO), FETCH_INFO.toUpperCase(),
    [FETCH_INFO], { type: FETCH_INFO }, new String(FETCH_INFO)]) {
    assert.equal(readMessage(near), null);
  }
});

test("a notification is plain text on one line, and not a long one", () => {
  const say = (message) => readMessage({ type: "notification", message })?.message;
  assert.equal(say("Saved"), "Saved");
  assert.equal(say(" two\n lines\u0000\u2028 "), "two lines");
  assert.equal(say("<b>bold</b>"), "<b>bold</b>");
  assert.equal(say("safe\u202etxt.exe"), "safe txt.exe");
  assert.equal(say("\u200b\n"), undefined);
  assert.equal(Array.from(say("ä😀".repeat(500_000))).length, 200);
  assert.equal(JSON.stringify(say("\ud800 half")).includes("\\ud800"), false);
});

test("whatever else is said is not heard", () => {
  const strange = [
    null, undefined, 0, 1, true, "", "hello", "null", [], {}, { type: null }, { type: "notification" },
    { type: "notification", message: 7 }, { type: "notification", message: { toString: () => "x" } },
    { type: "__proto__" }, { type: "constructor" }, { type: "toString" }, { type: "x".repeat(10_000) },
    { type: { notification: 1 } }, { deskframe: 1, type: "hello" }, new Map([["type", "notification"]]), new Date(0),
    new Uint8Array(3), JSON.parse('{"__proto__": {"type": "notification", "message": "inherited"}}'),
    Object.create({ type: "notification", message: "inherited" }),
    JSON.stringify({ type: "notification", message: "as text" }), { event: "appContext", data: {} },
  ];
  for (const said of strange) assert.equal(readMessage(said), null);
});

test("only an automatic app learns from what it says", () => {
  assert.equal(formatAfter("auto", "chatwoot"), "chatwoot");
  assert.equal(formatAfter("auto", "native"), "native");
  assert.equal(formatAfter("ndoto", "native"), "ndoto");
});

test("an app of the desk's own protocol gets no letters", () => {
  assert.deepEqual(letters("native", about, 1), []);
});

test("a letter holds the documented parts and nothing else", () => {
  const [letter] = letters("ndoto", { ...about, data: { ...about.data, pubsub_token: "secret" } }, 3);
  assert.deepEqual(Object.keys(letter), ["event", "data"]);
  assert.equal(letter.event, "appContext");
  assert.deepEqual(
    Object.keys(letter.data), ["conversation", "contact", "currentAgent", "customAttributes", "theme", "meta"],
  );
  assert.deepEqual(letter.data.meta, { v: 1, ctx: "12", seq: 3, dialect: "ndoto" });
});

test("without a conversation the parts are there and empty", () => {
  const [letter] = letters("ndoto", { key: "", data: {} }, 1);
  assert.deepEqual(letter.data.conversation, {});
  assert.deepEqual(letter.data.contact, {});
  assert.deepEqual(letter.data.customAttributes, []);
  assert.equal(letter.data.theme, "light");
});

test("each format is posted as its readers take it", () => {
  assert.deepEqual(letters("chatwoot", about, 1).map((letter) => typeof letter), ["string"]);
  assert.deepEqual(letters("ndoto", about, 1).map((letter) => typeof letter), ["object"]);
  assert.deepEqual(letters("auto", about, 1).map((letter) => typeof letter), ["object", "string"]);
  for (const odd of ["__proto__", "constructor", undefined]) {
    assert.deepEqual(letters(odd, about, 1).map((letter) => typeof letter), ["string"]);
  }
});

/* The readers of the documents and of the wild, word for word in what they accept. */
const readers = {
  chatwoot(data) {
    const isJSONValid = (text) => { try { JSON.parse(text); return true; } catch { return false; } };
    return isJSONValid(data) && JSON.parse(data).event === "appContext" ? 1 : 0;
  },
  ndoto: (data) => (data.event === "appContext" ? 1 : 0),
  tolerant: (data) => ((typeof data === "string" ? JSON.parse(data) : data).event === "appContext" ? 1 : 0),
  bare: (data) => (JSON.parse(data).event === "appContext" ? 1 : 0),
};

function count(format) {
  const heard = Object.fromEntries(Object.keys(readers).map((name) => [name, { times: 0, stumbled: 0 }]));
  for (const letter of letters(format, about, 1)) {
    for (const [name, read] of Object.entries(readers)) {
      try { heard[name].times += read(letter); } catch { heard[name].stumbled += 1; }
    }
  }
  return heard;
}

test("a string is for those who parse", () => {
  assert.deepEqual(count("chatwoot"), {
    chatwoot: { times: 1, stumbled: 0 }, ndoto: { times: 0, stumbled: 0 },
    tolerant: { times: 1, stumbled: 0 }, bare: { times: 1, stumbled: 0 },
  });
});

test("an object is for those who look inside", () => {
  assert.deepEqual(count("ndoto"), {
    chatwoot: { times: 0, stumbled: 0 }, ndoto: { times: 1, stumbled: 0 },
    tolerant: { times: 1, stumbled: 0 }, bare: { times: 0, stumbled: 1 },
  });
});

test("both serve everybody, and whoever takes both can tell that they are one", () => {
  assert.deepEqual(count("auto"), {
    chatwoot: { times: 1, stumbled: 0 }, ndoto: { times: 1, stumbled: 0 },
    tolerant: { times: 2, stumbled: 0 }, bare: { times: 1, stumbled: 1 },
  });
  const [object, string] = letters("auto", about, 4);
  assert.equal(object.data.meta.seq, JSON.parse(string).data.meta.seq);
  assert.equal(JSON.parse(string).data.meta.dialect, "chatwoot");
});

test("types survive the string", () => {
  const data = { ...about.data, conversation: { id: 12, snoozed_until: null, timestamp: 1_700_000_000, muted: false } };
  const [letter] = letters("chatwoot", { key: "12", data }, 1);
  assert.deepEqual(JSON.parse(letter).data.conversation, data.conversation);
});

test("the same context has the same mark, whatever its envelope says", () => {
  const same = { ...about, data: { ...about.data, meta: { v: 1, seq: 99 } } };
  assert.equal(markOf(same), markOf(about));
  assert.notEqual(markOf({ ...about, key: "13" }), markOf(about));
  assert.notEqual(markOf({ ...about, data: { ...about.data, theme: "light" } }), markOf(about));
  assert.notEqual(markOf({ ...about, data: { ...about.data, contact: { id: 9, name: "Mary" } } }), markOf(about));
});

test("a frame is made only where browser and server agree on its origin", () => {
  const desk = { ownOrigin: "https://desk.example", listed: new Set([ORIGIN, "https://desk.example"]) };
  const problem = (url, origin = ORIGIN) => mountProblem({ url, origin }, desk);
  assert.equal(problem("https://app.example/x?y#z"), null);
  assert.equal(problem("https://APP.example:443/"), null);
  for (const url of [
    "https://app.example@evil.example/", "https://evil.example\\.app.example/", "http://app.example/",
    "https://app.example:8443/", "https://user@app.example/", "blob:https://app.example/1", "javascript:alert(1)",
    "data:text/html,x", "about:srcdoc", "//app.example/", "", "https://", "file:///etc/passwd",
  ]) assert.equal(problem(url), "differs", url);
  assert.equal(problem("https://desk.example/login", "https://desk.example"), "own");
  assert.equal(problem("https://new.example/", "https://new.example"), "unlisted");
});

test("an http page is not framed on an https desk, except from this machine", () => {
  const problem = (host, ownOrigin) => {
    const origin = `http://${host}`;
    return mountProblem({ url: `${origin}/`, origin }, { ownOrigin, listed: new Set([origin]) });
  };
  for (const host of ["app.example", "192.0.2.1", "localhost.example", "notlocalhost", "127.0.0.1.example"]) {
    assert.equal(problem(host, "https://desk.example"), "insecure", host);
    assert.equal(problem(host, "http://desk.example"), null, host);
  }
  for (const host of ["localhost:3000", "orders.localhost", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000"]) {
    assert.equal(problem(host, "https://desk.example"), null, host);
  }
});
