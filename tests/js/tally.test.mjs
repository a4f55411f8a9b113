import assert from "node:assert/strict";
import test from "node:test";

import { Tally } from "../../static/js/lib/tally.js";

/* What a tally tells of one frame for these happenings, each with its time. */
function told(happenings, frame = { index: 0 }, tally = new Tally()) {
  for (const [what, at] of happenings) tally.note(frame, what, at);
  return tally.take();
}

test("an app that is opened is told once, with how long it took", () => {
  const tally = new Tally();
  const opening = [["loading", 1], ["shown", 2], ["loading", 10], ["ready", 100], ["load", 130.4], ["context", 131], ["context", 900]];

  assert.deepEqual(told(opening, { index: 0 }, tally), { opened: 1, load: [120], context: [121] });
  assert.equal(tally.take(), null);
});

test("of several frames the app is opened once, and each has its own times", () => {
  const tally = new Tally();
  told([["loading", 0], ["shown", 0], ["load", 50]], { index: 0 }, tally);
  const second = { index: 1 };
  for (const [what, at] of [["loading", 0], ["shown", 0], ["load", 70]]) tally.note(second, what, at);

  assert.deepEqual(tally.take(), { load: [70] });
});

test("a frame that is opened anew is measured anew", () => {
  assert.deepEqual(told([["loading", 0], ["load", 50], ["load", 60], ["loading", 1000], ["load", 1020]]), { load: [50, 20] });
});

test("what went wrong is counted when it begins", () => {
  assert.deepEqual(told([["loading", 0], ["silent", 10], ["silent", 20], ["ready", 30], ["silent", 40]]), { failed: 2 });
  assert.deepEqual(told([["loading", 0], ["barred", 1]]), { failed: 1 });
  assert.deepEqual(told([["loading", 0], ["strayed", 1]]), { failed: 1 });
  assert.equal(told([["loading", 0], ["left", 1], ["unlisted", 2]]), null);
});

test("an app that shouts is muted, closed, and opened again by the agent", () => {
  const shouting = [["loading", 0], ["ready", 1], ["muted", 2], ["muted", 9], ["paused", 20]];

  assert.deepEqual(told(shouting), { muted: 2, paused: 1 });
  assert.deepEqual(told([...shouting, ["loading", 30], ["ready", 31]]), { muted: 2, paused: 1, resumed: 1 });
});

test("what nobody would believe is not told", () => {
  assert.equal(told([["load", 5], ["context", 5]]), null, "it was never opened");
  for (const at of [-1, NaN, Infinity, 600_001]) assert.equal(told([["loading", 0], ["load", at]]), null);

  const many = Array.from({ length: 60 }, () => [["loading", 0], ["shown", 0], ["load", 600_000]]).flat();
  const { opened, load } = told(many);
  assert.deepEqual([opened, load.length], [50, 50]);
});
