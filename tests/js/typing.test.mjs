import assert from "node:assert/strict";
import test from "node:test";

import { Others } from "../../static/js/lib/typing.js";
import { Typist } from "../../static/js/lib/typing.js";

const bo = { type: "user", id: 2, name: "Bo" };
const maria = { type: "contact", id: 2, name: "Maria" };

test("that somebody writes is told at once, then now and then, and at once when it is a note instead", () => {
  const typist = new Typist();
  assert.equal(typist.types("reply", 0), true);
  assert.equal(typist.types("reply", 1000), false);
  assert.equal(typist.types("note", 1500), true);
  assert.equal(typist.types("note", 5600), true);
});

test("that it is over is told once", () => {
  const typist = new Typist();
  assert.equal(typist.stops(), false);
  typist.types("reply", 0);
  assert.equal(typist.stops(), true);
  assert.equal(typist.stops(), false);
  assert.equal(typist.types("reply", 100), true);
});

test("others are believed until they stop, have written, or have said nothing for long", () => {
  const others = new Others();
  others.note(true, bo, true, 0);
  others.note(true, maria, false, 10_000);
  assert.deepEqual(others.at(10_000), [{ name: "Bo", kind: "note" }, { name: "Maria", kind: "contact" }]);

  others.arrived({ type: "contact", id: 2 });
  others.arrived(undefined);
  assert.deepEqual(others.at(10_000), [{ name: "Bo", kind: "note" }]);
  others.note(false, bo, true, 10_000);
  others.note(true, maria, false, 20_000);
  assert.deepEqual(others.at(50_000), []);
});
