/* An app writes into the draft, never further: the agent sends, or takes it back. */

import { Refusal } from "../../lib/native/request.js";
import { block } from "../../lib/native/values.js";
import { oneOf } from "../../lib/native/values.js";
import { replace } from "../../lib/editing.js";
import { within } from "./parts.js";

const LONGEST = 10_000;
const PAUSE = 1500; // milliseconds after the last key in which nobody writes between the agent's words
const FIELDS = "input:not([type=radio], [type=checkbox], [type=file]), textarea, select, [contenteditable]";

export const insertReply = (params, about) => insert("reply", params, about);
export const insertNote = (params, about) => insert("note", params, about);

function insert(kind, { text, at = "cursor" }, { frame, host, ctx }) {
  const words = block(text, LONGEST);
  oneOf(at, ["cursor", "append", "replace"]);
  const form = document.getElementById(`composer-${ctx.key}`);
  if (!form) throw new Refusal("busy", "There is no composer.");
  checkRoom(form, kind, host);
  turnTo(form, kind);
  const area = form.elements.content;
  const before = area.value;
  const [start, end] = range(area, at);
  const gap = at === "append" && before.trim() ? "\n" : "";
  write(area, start, end, gap + words);
  sign(form, area, { frame, host, before });
  return { kind };
}

/* Not between the agent's own keys, and never a reply into a note or the other way round. */
function checkRoom(form, kind, { typedAt }) {
  const { content } = form.elements;
  const here = document.activeElement;
  const isElsewhere = here !== content && here.matches(FIELDS);
  if (content.readOnly || isElsewhere || performance.now() - typedAt < PAUSE) throw new Refusal("busy", "The agent is typing.");
  const isOther = form.elements.kind.value !== kind && content.value.trim() !== "";
  if (isOther) throw new Refusal("busy", `The agent is writing a ${kind === "note" ? "reply" : "note"}.`);
}

function turnTo(form, kind) {
  if (form.elements.kind.value === kind) return;
  form.elements.kind.value = kind;
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function range(area, at) {
  const { selectionStart, selectionEnd, value } = area;
  return { cursor: [selectionStart, selectionEnd], append: [value.length, value.length], replace: [0, value.length] }[at];
}

/* Through the keyboard's own way where that is open, so that undo knows of it. The focus stays with whoever had it. */
function write(area, start, end, text) {
  const had = document.activeElement;
  if (area.checkVisibility()) {
    replace(area, start, end, text);
    if (had !== area) had?.focus({ preventScroll: true });
  } else {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/* Who wrote this stands beside the draft until it is sent, emptied or taken back. */
function sign(form, area, { frame, host, before }) {
  form.querySelector("[data-inserted]")?.remove();
  const after = area.value;
  const note = host.make.get("inserted")();
  const undo = within(note, "undo");
  note.querySelector("input").value = frame.app.id; // sent with the message, so that the thread says it too
  within(note, "say").textContent = frame.text("inserted");
  const look = () => {
    undo.hidden = area.value !== after;
    if (area.value === before || area.value.trim() === "") note.remove();
  };
  undo.addEventListener("click", () => replace(area, 0, area.value.length, before));
  area.addEventListener("input", () => note.isConnected && look());
  form.addEventListener("composer:sent", () => note.remove(), { once: true });
  area.after(note);
}
