import assert from "node:assert/strict";
import test from "node:test";

import { unpacked } from "../../static/js/lib/bridge.js";

test("what was written once stands in all its places again", () => {
  const maria = { id: 7, name: "Maria" };
  const block = {
    key: "12",
    data: { conversation: { meta: {}, messages: [{ id: 1 }, { id: 2 }] } },
    shared: [{ value: maria, at: [["contact"], ["conversation", "meta", "sender"], ["conversation", "messages", 1, "sender"]] }],
    common: { private: false, source_id: null },
  };

  assert.deepEqual(unpacked(JSON.stringify(block)), {
    key: "12",
    data: {
      contact: maria,
      conversation: {
        meta: { sender: maria },
        messages: [
          { id: 1, private: false, source_id: null },
          { id: 2, private: false, source_id: null, sender: maria },
        ],
      },
    },
  });
});

test("a context in which nothing is shared is itself", () => {
  assert.deepEqual(unpacked('{"key": "", "data": {"contact": {}}}'), { key: "", data: { contact: {} } });
});
