/* What an app says in a toast: under its own name, and not too often. */

import { makeLimit } from "../lib/bridge.js";
import { tap } from "./tap.js";

/* Whether the app may speak once more. */
export function mayNote(frame) {
  frame.noted ??= makeLimit(3, 10_000);
  return frame.noted.take(performance.now());
}

export function note(frame, message) {
  if (mayNote(frame)) say(frame, message);
  else tap(frame, "in", null, "notes");
}

export function say({ app }, message) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { title: app.title, message } }));
}
