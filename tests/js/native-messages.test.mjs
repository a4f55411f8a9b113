import assert from "node:assert/strict";
import test from "node:test";

import { readHello } from "../../static/js/lib/bridge.js";
import { LARGEST, readRequest, refusal, Refusal } from "../../static/js/lib/native/request.js";
import { weigh } from "../../static/js/lib/native/weigh.js";

const HELLO = {
  deskframe: 1,
  type: "hello",
  nonce: "abcdefghijklmnopqrstuv",
  versions: [1],
  sdk: { name: "deskframe-sdk", version: "1.0.0" },
  want: { actions: ["toast"], events: [] },
};

function nested(depth) {
  let value = "bottom";
  for (let step = 0; step < depth; step += 1) value = { value };
  return value;
}

test("a hello is taken as a whole", () => {
  const { nonce } = HELLO;
  assert.deepEqual(readHello(HELLO), { kind: "hello", nonce });
  assert.deepEqual(readHello({ deskframe: 1, type: "hello", nonce, versions: [1, 2] }), { kind: "hello", nonce });
});

test("a hello with anything wrong is none", () => {
  const wrong = [
    { deskframe: "1" }, { type: "welcome" }, { nonce: undefined }, { nonce: "short" }, { nonce: `${HELLO.nonce}!` }, { nonce: "a".repeat(65) }, { nonce: 12 },
    { versions: [] }, { versions: [2] }, { versions: ["1"] }, { versions: [1, "2"] }, { versions: [1, HELLO] }, { versions: Array(500).fill(1) }, { versions: 1 }, { token: "x" }, { constructor: 1 },
    { sdk: "mine" }, { sdk: { name: 1 } }, { sdk: { url: "x" } }, { sdk: { name: "x".repeat(65) } },
    { want: { actions: "all" } }, { want: { actions: [1] } }, { want: { secrets: [] } }, { want: [] },
    { want: { actions: Array(600).fill("toast") } },
    { want: { actions: ["x".repeat(5000)] } }, { want: { actions: Array(90).fill("x".repeat(60)) } }, { want: { actions: [undefined] } },
  ];
  for (const more of wrong) assert.equal(readHello({ ...HELLO, ...more }), null, JSON.stringify(more).slice(0, 80));
  for (const said of [null, undefined, "hello", 1, [], {}, [HELLO], JSON.stringify(HELLO)]) assert.equal(readHello(said), null);
});

test("a request has an id, a method, parameters and the context that it is about", () => {
  assert.deepEqual(readRequest({ id: 1, m: "toast", p: { message: "Hi" }, ctx: "c1" }), {
    kind: "request", id: 1, method: "toast", params: { message: "Hi" }, ctx: "c1",
  });
  assert.deepEqual(readRequest({ id: 0, m: "state.get" }), {
    kind: "request", id: 0, method: "state.get", params: {}, ctx: null,
  });
  assert.deepEqual(readRequest({ cancel: 3 }), { kind: "cancel", id: 3 });
  assert.deepEqual(readRequest({ pong: 4 }), { kind: "pong", number: 4 });
  assert.deepEqual(readRequest({ ack: "teardown" }), { kind: "ack" });
});

test("what is no request is told apart by what is wrong with it", () => {
  const cases = [
    [null, null, "invalid"], ["text", null, "invalid"], [[], null, "invalid"], [{}, null, "invalid"],
    [{ id: 1 }, 1, "invalid"], [{ id: 1, m: "" }, 1, "invalid"], [{ id: 1, m: 2 }, 1, "invalid"],
    [{ id: -1, m: "toast" }, null, "invalid"], [{ id: "1", m: "toast" }, null, "invalid"], [{ id: 1.5, m: "x" }, null, "invalid"],
    [{ id: 1, m: "toast", more: 1 }, 1, "invalid"], [{ id: 1, m: "toast", p: [] }, 1, "invalid"],
    [{ id: 1, m: "toast", p: "x" }, 1, "invalid"], [{ id: 1, m: "toast", ctx: 5 }, 1, "invalid"],
    [{ id: 1, m: "m".repeat(10_000) }, 1, "too_large"], [{ id: 1, m: "x", p: { text: "x".repeat(5_000_000) } }, 1, "too_large"],
    [{ cancel: "1" }, null, "invalid"], [{ ack: "everything" }, null, "invalid"],
  ];
  for (const [said, id, code] of cases) assert.deepEqual(readRequest(said), { kind: "bad", id, code });
});

test("method names of the language are only names", () => {
  for (const method of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(readRequest({ id: 1, m: method }).method, method);
  }
});

test("what JSON cannot say is invalid", () => {
  const cycle = {};
  cycle.self = cycle;
  const odd = [10n, new Date(), new Map(), new Set(), new Uint8Array(4), new ArrayBuffer(4), /x/, NaN, Infinity, cycle, new Error("x")];
  for (const value of odd) assert.equal(readRequest({ id: 1, m: "toast", p: { value } }).code, "invalid");
  for (const value of [nested(11), nested(200), [[[[[[[[[[[[[1]]]]]]]]]]]]]]) {
    assert.equal(readRequest({ id: 1, m: "toast", p: { value } }).code, "invalid");
  }
  assert.equal(readRequest({ id: 1, m: "toast", p: { value: nested(9) } }).kind, "request");
});

test("the weight is that of the JSON, to the letter", () => {
  const value = { name: 'quote " and \u0001', list: [1, "two", 3.5], inner: { "é": "ü" } };
  const size = JSON.stringify(value).length;
  assert.equal(weigh(value, size + 20), "ok");
  assert.equal(weigh(value, size - 20), "too_large");
  assert.equal(weigh("x".repeat(LARGEST), LARGEST), "too_large");
  assert.equal(weigh("x".repeat(LARGEST - 2), LARGEST), "ok");
});

test("weighing ends soon, whatever is weighed", () => {
  const sparse = [];
  sparse.length = 4_294_967_295;
  let twins = ["leaf"];
  for (let step = 0; step < 10; step += 1) twins = Array(50).fill(twins);
  const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, number) => [`key${number}`, number]));
  for (const value of [sparse, twins, wide, Array(1_000_000).fill(0)]) assert.equal(weigh(value, LARGEST), "too_large");
});

test("a refusal has a code, a sentence, and when to come back where that helps", () => {
  assert.deepEqual(refusal(3, new Refusal("stale_context")), {
    id: 3, ok: false, e: { code: "stale_context", message: "The agent has gone on to another conversation." },
  });
  assert.deepEqual(refusal(4, new Refusal("rate_limited", "Slowly.", 2)).e, {
    code: "rate_limited", message: "Slowly.", retry_after: 2,
  });
});
