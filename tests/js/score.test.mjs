import assert from "node:assert/strict";
import test from "node:test";

import { readScore } from "../../static/js/lib/score.js";

const card = (more = {}) => ({ type: "deskframe.score", tried: 3, through: ["Read the page"], ...more });

test("a score card says how much was tried and what got through", () => {
  assert.deepEqual(readScore(card()), { tried: 3, through: ["Read the page"] });
  assert.deepEqual(readScore(card({ through: [] })), { tried: 3, through: [] });
});

test("what is no score card is not read", () => {
  const odd = [null, undefined, "0 of 3", 7, [], {}, card({ type: "hello" }), card({ tried: 0 }), card({ tried: 1e9 }), card({ tried: "3" })];
  for (const said of [...odd, card({ through: 0 }), card({ through: [{}] }), card({ through: ["a", "b", "c", "d"] })]) {
    assert.equal(readScore(said), null);
  }
});

test("names stand on one line, without what cannot be seen, and end", () => {
  const { through } = readScore(card({ through: ["a\u202eb\nc", "x".repeat(10_000)] }));
  assert.equal(through[0], "a b c");
  assert.equal(Array.from(through[1]).length, 120);
});
