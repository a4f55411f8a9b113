/* An app that takes the focus while the agent writes would read what is meant for a customer. The focus goes back, and
   whoever does not leave it there is closed. */

import { loadParts } from "./native/parts.js";
import { pause } from "./native/pausing.js";

const FIELDS = "input, textarea, select, [contenteditable]";
const HOVERS = window.matchMedia("(hover: hover)");
const MOST = 3;
const thefts = new WeakMap();

/* The focus has left `field` for the frame: by itself, if the agent's pointer is elsewhere. No key leads from a field into a
   frame, because its buttons come first. */
export function guard(field, frame, shelf) {
  const { iframe } = frame;
  if (!HOVERS.matches || !field.matches(FIELDS) || document.activeElement !== iframe || iframe.matches(":hover")) return;
  field.focus({ preventScroll: true });
  thefts.set(iframe, (thefts.get(iframe) ?? 0) + 1);
  if (thefts.get(iframe) < MOST) return;
  frame.close();
  pause(frame, { shelf, prepared: () => loadParts(shelf.texts) }, "greedy");
}
