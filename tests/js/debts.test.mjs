import assert from "node:assert/strict";
import test from "node:test";

import { Debts } from "../../static/js/lib/debts.js";
import { waitFor } from "../../static/js/lib/debts.js";

const page = { open: 7, contact: 3, now: 0, after: "41", shown: [7, 5] };
const told = (debts) => Object.fromEntries(debts.settle(page));

test("a burst is asked for once, soon, and at most once a second", () => {
  assert.equal(waitFor(10_000, -Infinity), 40);
  assert.equal(waitFor(10_000, 9_900), 900);
  assert.equal(waitFor(10_000, 8_000), 40);
  assert.equal(waitFor(10_000, 8_000, true), 10_000);
});

test("what happens elsewhere concerns a row, what happens here the thread too", () => {
  const debts = new Debts();
  debts.note("message.created", { id: 90, conversation_id: 5 }, page);
  assert.deepEqual(told(debts), { rows: "5", shown: "7,5" });

  debts.note("message.created", { id: 91, conversation_id: 7 }, page);
  debts.note("conversation.read", { id: 7 }, page);
  assert.deepEqual(told(debts), { rows: "7", shown: "7,5", open: "7", after: "41" });
  assert.equal(debts.areOwed, false);
});

test("a message that has changed is asked for again, where it is shown", () => {
  const debts = new Debts();
  debts.note("message.updated", { id: 40, conversation_id: 7 }, page);
  debts.note("message.updated", { id: 12, conversation_id: 5 }, page);

  assert.equal(told(debts).messages, "40");
});

test("who writes may be called otherwise now", () => {
  const debts = new Debts();
  debts.note("contact.updated", { id: 3 }, page);

  assert.deepEqual(told(debts), { contacts: "3", shown: "7,5", open: "7", after: "41" });
});

test("who has the conversation may be another bot now, or none", () => {
  const debts = new Debts();
  debts.note("bots.changed", { account_id: 1 }, page);

  assert.deepEqual(told(debts), { shown: "7,5", open: "7", after: "41" });
});

test("after a silence everything in sight is asked for", () => {
  const debts = new Debts();
  debts.noteSilence({ shown: [7, 5], messages: ["40", "41"] });

  assert.deepEqual(told(debts), { rows: "7,5", shown: "7,5", first: "1", open: "7", after: "41", messages: "40,41" });
});

test("what was heard while a conversation was on its way is asked for when it is there", () => {
  const debts = new Debts();
  debts.note("message.created", { id: 92, conversation_id: 9 }, { ...page, now: 1000 });

  assert.equal(debts.noteOpened(9, 1500), true);
  assert.equal(debts.noteOpened(9, 9000), false);
});
