import assert from "node:assert/strict";
import test from "node:test";

import { MOST_LIVE, mayHear, surplus, wantedFrames } from "../../static/js/lib/shelf.js";

const app = (id, more = {}) => ({
  id, reload: false, frames: [{ url: `https://a${id}.example/`, origin: `https://a${id}.example` }], ...more,
});
const keys = (apps, conversation) => [...wantedFrames(apps, conversation).keys()];

test("a frame outlives a change of conversation when its address stays the same", () => {
  assert.deepEqual(keys([app(1)], "12"), keys([app(1)], "13"));
});

test("an app that starts afresh has another frame in each conversation", () => {
  const apps = [app(1, { reload: true }), app(2)];
  const [fresh, kept] = keys(apps, "12");
  assert.notEqual(fresh, keys(apps, "13")[0]);
  assert.equal(kept, keys(apps, "13")[1]);
});

test("another address is another frame, also at another place of the same app", () => {
  const [first] = keys([app(1)], "12");
  assert.notEqual(first, keys([app(1, { frames: [{ url: "https://a1.example/2", origin: "x" }] })], "12")[0]);
  const twice = app(1, { frames: [app(1).frames[0], app(1).frames[0]] });
  assert.equal(keys([twice], "12").length, 2);
});

test("places in the list are counted from zero", () => {
  const wanted = [...wantedFrames([app(5), app(3, { frames: [app(3).frames[0], app(5).frames[0]] })], "").values()];
  assert.deepEqual(wanted.map(({ position, index }) => [position, index]), [[0, 0], [1, 0], [1, 1]]);
});

test("hidden frames go when there are too many, the longest unused first", () => {
  const frames = Array.from({ length: 12 }, (_, number) => ({ number, usedAt: 100 - number, isShown: number > 9 }));
  assert.equal(MOST_LIVE, 10);
  assert.deepEqual(surplus(frames).map(({ number }) => number), [9, 8]);
  assert.deepEqual(surplus(frames.slice(0, 10)), []);
});

test("what is seen is never closed, however many", () => {
  assert.deepEqual(surplus(Array.from({ length: 20 }, () => ({ usedAt: 1, isShown: true }))), []);
});

test("a frame tied to a conversation hears of no other", () => {
  assert.ok(mayHear({ tiedTo: null }, "12"));
  assert.ok(mayHear({ tiedTo: "12" }, "12"));
  assert.ok(!mayHear({ tiedTo: "12" }, "13"));
  assert.ok(!mayHear({ tiedTo: "" }, "12"));
});

test("what is said instead of an address is told apart by its words", () => {
  const silent = (says) => app(1, { frames: [{ url: "", says, origin: "https://a1.example" }] });
  assert.notEqual(keys([silent("No plan on this contact.")], "12")[0], keys([silent("No conversation is open.")], "")[0]);
  assert.deepEqual(keys([silent("No plan on this contact.")], "12"), keys([silent("No plan on this contact.")], "13"));
});
