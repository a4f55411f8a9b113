/* What an app says to the agent in the desk's own page. Its name always stands above its words. */

import { Refusal } from "../../lib/native/request.js";
import { line } from "../../lib/native/values.js";
import { mayNote } from "../notes.js";
import { open } from "./parts.js";
import { say } from "../notes.js";
import { within } from "./parts.js";

const LONGEST = { toast: 200, question: 500, host: 100 };

export function toast({ message }, { frame }) {
  const text = line(message, LONGEST.toast);
  if (!mayNote(frame)) throw new Refusal("rate_limited", "", 10);
  say(frame, text);
}

export async function confirm({ message }, about) {
  return { confirmed: await ask(line(message, LONGEST.question), about) };
}

/* One question at a time, and none over a dialog of the desk's own. */
export async function ask(text, { frame, host, signal }) {
  if (document.querySelector("dialog[open]:not([data-app-modal])") || !frame.isShown) throw new Refusal("busy");
  if (!mayNote(frame)) throw new Refusal("rate_limited", "", 10);
  const dialog = host.make.get("ask")();
  within(dialog, "app").textContent = frame.text("asks");
  within(dialog, "text").textContent = text;
  within(dialog, "origin").textContent = frame.origin;
  const closed = open(dialog);
  signal.addEventListener("abort", () => dialog.close(), { once: true });
  await closed;
  dialog.remove();
  return dialog.returnValue === "yes";
}
