import assert from "node:assert/strict";
import { test } from "node:test";

import { fits } from "../../static/js/lib/palette.js";

test("each word begins a word of the command, in any order, case and accent", () => {
  assert.ok(fits("", "Resolve"));
  assert.ok(fits("res", "Resolve"));
  assert.ok(fits("me ass", "Assign to me"));
  assert.ok(fits("themes clair".slice(0, 4), "Thème clair"));
  assert.ok(!fits("solve", "Resolve"));
  assert.ok(!fits("resolve now", "Resolve"));
});
