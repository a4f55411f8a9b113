import assert from "node:assert/strict";
import test from "node:test";

import { onEntry, tap } from "../../static/js/frames/tap.js";

const frame = { app: { id: 7 } };

test("whoever listens hears each message and what the host made of it, until they stop", () => {
  const heard = [];
  tap(frame, "in", "before");
  const stop = onEntry((entry) => heard.push(entry));
  tap(frame, "in", "hello");
  tap(frame, "in", { id: 1 }, "muted");
  stop();
  tap(frame, "out", "after");
  assert.deepEqual(heard.map(({ app, direction, data, verdict }) => [app, direction, data, verdict]), [
    [7, "in", "hello", "take"], [7, "in", { id: 1 }, "muted"],
  ]);
  assert.ok(heard.every((entry) => entry.frame === frame && Number.isFinite(entry.at)));
});
