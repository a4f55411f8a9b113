/* Counts for the administrator how apps are used, and tells it to the desk: of each app at most once in a while. */

import { Tally } from "../lib/tally.js";
import { addressOf } from "./page.js";
import { askDesk } from "./page.js";
import { csrfHeaders } from "./page.js";

const APART = 10_000;
const tallies = new Map();

/* Something has happened to a frame at that time. */
export function note(frame, what, at) {
  const { id } = frame.app;
  if (!tallies.has(id)) tallies.set(id, new Tally());
  const tally = tallies.get(id);
  if (tally.note(frame, what, at) && !tally.timer) tally.timer = setTimeout(() => tell(id, tally), APART);
}

/* What fails is lost: a count that is a little low hurts nobody. */
function tell(id, tally) {
  clearTimeout(tally.timer);
  tally.timer = null;
  const words = tally.take();
  if (!words) return;
  const headers = { ...csrfHeaders(), "Content-Type": "application/json" };
  askDesk(addressOf(id, "usage"), { method: "POST", headers, body: JSON.stringify(words), keepalive: true }).catch(() => {});
}

window.addEventListener("pagehide", () => tallies.forEach((tally, id) => tell(id, tally)));
