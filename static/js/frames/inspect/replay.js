/* Has the desk say once more what it said when a fixture was recorded. It goes to the pinned origin or over the app's own
   port, and says of itself that it is a replay; the frame says so too, until the app has heard something newer. */

import { onEntry } from "../tap.js";
import { saying } from "../../lib/native/sayings.js";
import { tap } from "../tap.js";

/* How many of the steps could be said: only those in the tongue that the app speaks now, to frames that are there. */
export async function replay({ app, shelf, ending }, steps, mark) {
  let said = 0;
  for (const step of steps) {
    await new Promise((done) => setTimeout(done, step.wait));
    if (ending.signal.aborted) return said;
    const frame = shelf.frames().find((each) => each.app.id === app.id && each.index === step.frame);
    if (!frame?.window || !say(frame, step)) continue;
    said += 1;
    label(frame, mark);
  }
  return said;
}

function say(frame, { event, letter, isText }) {
  const { session } = frame;
  if (event && session) session.post({ ...event, seq: (session.seq += 1), replay: true });
  else if (letter && !frame.hasGreeted) post(frame, letter, isText);
  else return false;
  return true;
}

function post(frame, { event, data }, isText) {
  frame.seq += 1;
  const again = { event, data: { ...data, meta: { ...data.meta, seq: frame.seq, replay: true } } };
  const letter = isText ? JSON.stringify(again) : again;
  frame.window.postMessage(letter, frame.origin);
  tap(frame, "out", letter, "replay");
}

function label(frame, text) {
  if (frame.part("replay")) return;
  const badge = document.createElement("span");
  badge.className = "badge";
  Object.assign(badge.dataset, { part: "replay", kind: "warn" });
  badge.textContent = text;
  frame.part("reload").before(badge);
  const gone = () => {
    badge.remove();
    stop();
    states.disconnect();
  };
  const states = new MutationObserver(() => frame.element.dataset.state === "loading" && gone());
  states.observe(frame.element, { attributeFilter: ["data-state"] });
  const stop = onEntry((entry) => entry.frame === frame && isNews(entry) && gone());
}

function isNews({ direction, data, verdict }) {
  if (direction !== "out" || verdict === "replay" || data?.replay) return false;
  const { kind, name } = saying(direction, data);
  return kind === "context" || kind === "welcome" || name === "context.changed";
}
