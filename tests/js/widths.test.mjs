import assert from "node:assert/strict";
import test from "node:test";

import { LEAST, afterKey, fit, most } from "../../static/js/lib/widths.js";

test("the side is never so narrow that an app is useless, nor so wide that the thread is", () => {
  assert.equal(fit(10, 1440), LEAST);
  assert.equal(fit(5000, 1440), most(1440));
  assert.equal(fit(400.4, 1440), 400);
  assert.equal(most(300), LEAST);
});

test("arrows move the edge a little, pages more, Home and End all the way", () => {
  assert.equal(afterKey("ArrowLeft", 400, 1440), 416);
  assert.equal(afterKey("ArrowRight", 400, 1440), 384);
  assert.equal(afterKey("PageUp", 400, 1440), 464);
  assert.equal(afterKey("PageDown", 400, 1440), 336);
  assert.equal(afterKey("Home", 400, 1440), LEAST);
  assert.equal(afterKey("End", 400, 1440), most(1440));
});

test("where lines run from right to left, the arrows do the other thing", () => {
  assert.equal(afterKey("ArrowRight", 400, 1440, "ArrowRight"), 416);
  assert.equal(afterKey("ArrowLeft", 400, 1440, "ArrowRight"), 384);
});

test("other keys are left to the page", () => {
  assert.equal(afterKey("Tab", 400, 1440), null);
  assert.equal(afterKey("a", 400, 1440), null);
});
