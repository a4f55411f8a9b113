import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import test from "node:test";

import { Outbox } from "../../static/js/lib/outbox.js";
import { newName } from "../../static/js/lib/outbox.js";

globalThis.crypto ??= webcrypto; // browsers have it, and so has Node from version 20 on

const KEY = "draft:unsent:1:7";

function storage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key), kept };
}

function made(store = storage()) {
  let number = 0;
  return new Outbox(store, KEY, () => `name-${(number += 1)}`);
}

const words = (text) => [["content", text], ["kind", "reply"]];
const states = (box) => box.items.map(({ name, state }) => `${name} ${state}`);

test("what is sent goes in order, one at a time, and is forgotten when it has arrived", () => {
  const box = made();
  box.add(words("one"));
  box.add(words("two"));

  assert.equal(box.next().name, "name-1");
  box.drop("name-1");
  assert.equal(box.next().name, "name-2");
  assert.equal(box.drop("name-2"), true);
  assert.equal(box.drop("name-2"), false);
  assert.equal(box.storage.kept.size, 0);
});

test("when nobody can be reached all wait, and go again in the same order", () => {
  const box = made();
  box.add(words("one"));
  box.add(words("two"));
  box.fail();
  assert.deepEqual(states(box), ["name-1 failed", "name-2 failed"]);
  assert.equal(box.next(), undefined);

  box.retry();
  assert.equal(box.next().name, "name-1");
});

test("what the desk refuses holds nobody up and says why", () => {
  const box = made();
  box.add(words("one"));
  box.add(words("two"));
  box.refuse("name-1", "is too long");

  assert.equal(box.next().name, "name-2");
  assert.equal(box.items[0].why, "is too long");
});

test("a closed tab loses nothing, and the next one sends nothing by itself", () => {
  const store = storage();
  made(store).add(words("one"));

  const later = made(store);
  assert.deepEqual(states(later), ["name-1 kept"]);
  later.retry();
  assert.equal(later.next(), undefined);
  later.retry("name-1");
  assert.deepEqual(later.next().fields, words("one"));
});

test("what another page has sent is gone here too", () => {
  const store = storage();
  const here = made(store);
  here.add(words("one"));
  made(store).drop("name-1");

  here.reread();
  assert.deepEqual(here.items, []);
});

test("what somebody else wrote under that key is no reason to fail", () => {
  const store = storage();
  store.setItem(KEY, "{nonsense");
  assert.deepEqual(made(store).items, []);
});

test("names are long and never the same", () => {
  assert.match(newName(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.notEqual(newName(), newName());
});
