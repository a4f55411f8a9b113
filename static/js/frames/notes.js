/* What an app says in a toast: under its own name, and not too often. */

import { makeLimit } from "../lib/bridge.js";
import { tap } from "./tap.js";

/* Whether the app may speak once more. */
export function mayNote(frame) {
  frame.noted ??= makeLimit(3, 10_000);
  return frame.noted.take(performance.now());
}

export function note(frame, message) {
  const isTaken = mayNote(frame);
  tap(frame, "in", null, isTaken ? "noted" : "notes");
  if (isTaken) say(frame, message);
}

export function say({ app }, message) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { title: app.title, message } }));
}
