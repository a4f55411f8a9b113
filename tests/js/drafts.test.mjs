import assert from "node:assert/strict";
import test from "node:test";

import { read, write } from "../../static/js/lib/drafts.js";

test("what was typed comes back as it was, with its kind", () => {
  assert.deepEqual(read(write("Dear Maria,\n", "note")), { content: "Dear Maria,\n", kind: "note" });
  assert.deepEqual(read(write("Hi", "reply")), { content: "Hi", kind: "reply" });
});

test("nothing typed is nothing kept", () => {
  assert.equal(write("", "reply"), null);
  assert.equal(write(" \n\t", "note"), null);
});

test("what somebody else left there is no draft", () => {
  for (const text of [null, "", "null", "{", "[]", "7", '{"content": 7}', '{"kind": "note"}']) {
    assert.equal(read(text), null, text);
  }
  assert.equal(read('{"content": "x", "kind": "shout"}').kind, "reply");
});
