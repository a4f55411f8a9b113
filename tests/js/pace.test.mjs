import assert from "node:assert/strict";
import test from "node:test";

import { makeLimit, makePace } from "../../static/js/lib/bridge.js";

/* A clock that goes when it is told to. */
function makeClock(t) {
  const { setTimeout, clearTimeout } = globalThis;
  const clock = { now: 0, due: new Map() };
  let number = 0;
  globalThis.setTimeout = (task, ms) => (clock.due.set((number += 1), { task, at: clock.now + ms }), number);
  globalThis.clearTimeout = (timer) => clock.due.delete(timer);
  t.after(() => Object.assign(globalThis, { setTimeout, clearTimeout }));
  clock.goTo = (now) => {
    clock.now = now;
    for (const [timer, { task, at }] of [...clock.due]) if (at <= now) clock.due.delete(timer), task();
  };
  return clock;
}

test("the first question is answered at once, those within the second get one answer at its end", (t) => {
  const clock = makeClock(t);
  const pace = makePace(1000);
  const answers = [];
  const askAt = (time) => (clock.goTo(time), pace.ask(() => answers.push([time, clock.now])));
  [0, 300, 999].forEach(askAt);
  assert.deepEqual(answers, [[0, 0]]);
  clock.goTo(1000);
  assert.deepEqual(answers.at(-1), [999, 1000]);
  askAt(1500);
  clock.goTo(1999);
  assert.equal(answers.length, 2);
  clock.goTo(2000);
  assert.deepEqual(answers.at(-1), [1500, 2000]);
  clock.goTo(3000);
  askAt(3000);
  assert.deepEqual(answers.at(-1), [3000, 3000]);
});

test("a thousand questions in a second get two answers, and none after the end", (t) => {
  const clock = makeClock(t);
  const pace = makePace(1000);
  let answers = 0;
  for (let time = 0; time < 1000; time += 1) clock.goTo(time), pace.ask(() => (answers += 1));
  clock.goTo(1000);
  assert.equal(answers, 2);
  pace.ask(() => (answers += 1));
  pace.stop();
  clock.goTo(9000);
  assert.equal(answers, 2);
});

test("a limit lets so many through in a while and no more", () => {
  const limit = makeLimit(3, 10_000);
  assert.deepEqual([0, 1, 2, 3, 9_999].map((time) => limit.take(time)), [true, true, true, false, false]);
  assert.equal(limit.take(10_000), true);
  assert.equal(limit.take(10_000), false);
});
