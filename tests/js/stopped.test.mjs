import { test } from "node:test";
import assert from "node:assert/strict";

import { Stopped, originOf } from "../../static/js/lib/stopped.js";

const EVIL = "https://evil.example";
const FIRST = { isAgain: false };
const AGAIN = { isAgain: true };

test("a first load that the desk began is the only one there is", () => {
  const stopped = new Stopped();
  const [one, other] = [{}, {}];
  stopped.note({ origin: EVIL, byDesk: true }, [one], 0);

  assert.equal(stopped.take(other, AGAIN, 10), null);
  assert.equal(stopped.take(one, FIRST, 20), EVIL);
  assert.equal(stopped.take(one, AGAIN, 30), null);
});

test("an app that was there and loads again went there", () => {
  const stopped = new Stopped();
  const [one, other] = [{}, {}];
  stopped.note({ origin: EVIL, byDesk: false }, [one, other], 0);

  assert.equal(stopped.take(other, FIRST, 10), null);
  assert.equal(stopped.take(one, AGAIN, 20), EVIL);
  assert.equal(stopped.takeLater(other), null);
});

test("of two that begin, the only one that has loaded in a while went there", () => {
  const stopped = new Stopped();
  const [one, other] = [{}, {}];
  stopped.note({ origin: EVIL, byDesk: true }, [one, other], 0);

  assert.equal(stopped.take(one, FIRST, 10), null);
  assert.equal(stopped.takeLater(one), EVIL);
});

test("where both have loaded, it is said of neither", () => {
  const stopped = new Stopped();
  const [one, other] = [{}, {}];
  stopped.note({ origin: EVIL, byDesk: true }, [one, other], 0);

  assert.deepEqual([stopped.take(one, FIRST, 10), stopped.take(other, FIRST, 20)], [null, null]);
  assert.deepEqual([stopped.takeLater(one), stopped.takeLater(other)], [null, null]);
});

test("who speaks has not left", () => {
  const stopped = new Stopped();
  const [one, other] = [{}, {}];
  stopped.note({ origin: EVIL, byDesk: true }, [one, other], 0);
  stopped.take(one, FIRST, 10);
  stopped.clear(one);

  assert.equal(stopped.take(other, FIRST, 20), EVIL);
});

test("what is long past is nobody's", () => {
  const stopped = new Stopped();
  const one = {};
  stopped.note({ origin: EVIL, byDesk: true }, [one], 0);

  assert.equal(stopped.take(one, FIRST, 2000), null);
});

test("the aim of a blocked navigation is named by its origin", () => {
  assert.equal(originOf("https://evil.example/path?secret=1"), "https://evil.example");
  assert.equal(originOf("https://evil.example"), "https://evil.example");
  assert.equal(originOf(""), "");
  assert.equal(originOf("data"), "");
});
