import assert from "node:assert/strict";
import test from "node:test";

import { arrange } from "../../static/js/lib/order.js";

const list = { rows: [3, 2, 1], asked: [3, 2, 1], brought: [], order: [3, 2, 1], goesOn: false };

test("what changed moves to its place and what is new comes in", () => {
  assert.deepEqual(arrange({ ...list, brought: [1], order: [1, 3, 2] }), [1, 3, 2]);
  assert.deepEqual(arrange({ ...list, brought: [4], order: [4, 3, 2, 1] }), [4, 3, 2, 1]);
});

test("what left the list goes", () => {
  assert.deepEqual(arrange({ ...list, order: [3, 1] }), [3, 1]);
});

test("below the last row that is loaded, nothing is put: it comes by scrolling", () => {
  assert.deepEqual(arrange({ ...list, brought: [9], order: [3, 2, 1, 9], goesOn: true }), [3, 2, 1]);
  assert.deepEqual(arrange({ ...list, brought: [9], order: [3, 2, 1, 9] }), [3, 2, 1, 9]);
});

test("rows that the server was not asked about stay where they are", () => {
  assert.deepEqual(arrange({ ...list, rows: [3, 2, 1, 0], brought: [2], order: [2, 3, 1], goesOn: true }), [2, 3, 1, 0]);
});

test("a row that was loaded further down and belongs higher now is moved", () => {
  assert.deepEqual(arrange({ ...list, rows: [3, 2, 1, 0], brought: [0], order: [0, 3, 2, 1], goesOn: true }), [0, 3, 2, 1]);
});
