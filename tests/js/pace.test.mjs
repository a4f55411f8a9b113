import assert from "node:assert/strict";
import test from "node:test";

import { makeLimit, makePace } from "../../static/js/lib/pace.js";

test("the first question is answered at once, those within the second get one answer at its end", () => {
  const pace = makePace(1000);
  assert.equal(pace.ask(0), 0);
  assert.equal(pace.ask(300), 700);
  assert.equal(pace.ask(400), null);
  assert.equal(pace.ask(999), null);
  pace.answered(1000);
  assert.equal(pace.ask(1500), 500);
  pace.answered(2000);
  assert.equal(pace.ask(3000), 0);
});

test("a thousand questions in a second get two answers", () => {
  const pace = makePace(1000);
  const answers = Array.from({ length: 1000 }, (_, time) => pace.ask(time)).filter((wait) => wait !== null);
  assert.deepEqual(answers, [0, 999]);
});

test("a limit lets so many through in a while and no more", () => {
  const limit = makeLimit(3, 10_000);
  assert.deepEqual([0, 1, 2, 3, 9_999].map((time) => limit.take(time)), [true, true, true, false, false]);
  assert.equal(limit.take(10_000), true);
  assert.equal(limit.take(10_000), false);
});
