import assert from "node:assert/strict";
import test from "node:test";

import { Unread } from "../../static/js/lib/attention.js";
import { WithBots } from "../../static/js/lib/attention.js";
import { counted } from "../../static/js/lib/attention.js";
import { isForMe } from "../../static/js/lib/attention.js";
import { waitsForMe } from "../../static/js/lib/attention.js";

const me = { user: 2, open: 7, isLooking: true };
const message = { message_type: 0, private: false, conversation_id: 5, conversation: { assignee_id: null } };

test("attention is asked for what is mine or nobody's and not in front of me", () => {
  assert.equal(isForMe(message, me), true);
  assert.equal(isForMe({ ...message, conversation: { assignee_id: 2 } }, me), true);
  assert.equal(isForMe({ ...message, conversation: { assignee_id: 3 } }, me), false);
  assert.equal(isForMe({ ...message, conversation_id: 7 }, me), false);
  assert.equal(isForMe({ ...message, conversation_id: 7 }, { ...me, isLooking: false }), true);
});

test("what colleagues and the desk itself write asks for nobody's attention", () => {
  for (const type of [1, 2, 3]) assert.equal(isForMe({ ...message, message_type: type }, me), false);
});

test("who is kept out rings nobody's bell", () => {
  assert.equal(isForMe({ ...message, sender: { type: "contact", blocked: true } }, me), false);
  assert.equal(isForMe({ ...message, sender: { type: "contact", blocked: false } }, me), true);
});

test("while a bot answers nobody is called, and its conversations wait for nobody", () => {
  const theirs = { meta: { assignee: { id: 3 }, assignee_type: "User" }, unread_count: 1 };
  const nobodys = { meta: { assignee: null, assignee_type: null }, unread_count: 1 };
  const bots = { meta: { assignee: { id: 3 }, assignee_type: "AgentBot" }, unread_count: 1 };

  assert.equal(isForMe({ ...message, is_with_bot: true }, me), false);
  assert.deepEqual([nobodys, bots, theirs].map((each) => waitsForMe(each, 2)), [true, true, false]);
  assert.equal(waitsForMe(theirs, 3), true);
  assert.equal(waitsForMe({ ...nobodys, is_with_bot: true }, 2), false);
  assert.equal(waitsForMe({ ...nobodys, unread_count: 0 }, 2), false);
});

test("what a bot hands over is noticed once, and only where it is open then", () => {
  const bots = new WithBots();
  assert.equal(bots.leaves({ id: 5, status: "open" }), false);
  assert.equal(bots.leaves({ id: 5, status: "pending", is_with_bot: true }), false);
  assert.equal(bots.leaves({ id: 5, status: "open" }), true);
  assert.equal(bots.leaves({ id: 5, status: "open" }), false);
  bots.leaves({ id: 5, status: "pending", is_with_bot: true });
  assert.equal(bots.leaves({ id: 5, status: "resolved" }), false);
});

test("a conversation counts once, until it is read", () => {
  const unread = new Unread([5]);
  unread.note(5, true);
  unread.note(6, true);
  assert.equal(unread.count, 2);
  unread.note(5, false);
  unread.note(9, false);
  assert.equal(unread.count, 1);
});

test("the title says how many, once", () => {
  assert.equal(counted("Maria · Deskframe", 2), "(2) Maria · Deskframe");
  assert.equal(counted("(2) Maria · Deskframe", 3), "(3) Maria · Deskframe");
  assert.equal(counted("(2) Maria · Deskframe", 0), "Maria · Deskframe");
});
