// Marks around words and before lines.

import assert from "node:assert/strict";
import { test } from "node:test";

import { marked } from "../../static/js/lib/marks.js";

function apply(text, mark) {
  const start = text.indexOf("<");
  const end = text.indexOf(">", start) - 1;
  const plain = text.replace(/[<>]/g, "");
  const change = marked(plain, start, end, mark);
  const changed = plain.slice(0, change.from) + change.text + plain.slice(change.to);
  return `${changed.slice(0, change.start)}<${changed.slice(change.start, change.end)}>${changed.slice(change.end)}`;
}

for (const [before, mark, after] of [
  ["a <word> b", "bold", "a **<word>** b"],
  ["a **<word>** b", "bold", "a <word> b"],
  ["a <>b", "italic", "a *<>*b"],
  ["<x>", "strike", "~~<x>~~"],
  ["<x>", "code", "`<x>`"],
  ["a\n<b\nc>", "list", "a\n<- b\n- c>"],
  ["a\n<- b\n- c>", "list", "a\n<b\nc>"],
  ["say <more>", "link", "say [more](https://<>)"],
  ["see <https://example.com>", "link", "see [<>](https://example.com)"],
]) {
  test(`${mark}: ${JSON.stringify(before)}`, () => assert.equal(apply(before, mark), after));
}
