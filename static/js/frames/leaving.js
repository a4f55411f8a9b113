/* Which frame tried to leave? Asked of what the browser reports to the page; where two may be meant, of none. */

import { DOUBT } from "../lib/stopped.js";
import { Stopped } from "../lib/stopped.js";
import { originOf } from "../lib/bridge.js";

export function watchLeaving(frames) {
  const stopped = new Stopped();
  const note = (event) => {
    if (event.effectiveDirective !== "frame-src" || event.disposition !== "enforce") return;
    const told = { origin: originOf(event.blockedURI), byDesk: event.sourceFile !== "" };
    stopped.note(told, frames(), performance.now());
  };
  document.addEventListener("securitypolicyviolation", note);
  return {
    /* For a frame that has just loaded: where it was going when it was stopped, or null. `late` hears it if it shows
       only in a moment that nobody else is meant. */
    take(frame, late) {
      const aim = stopped.take(frame, performance.now());
      const { iframe } = frame;
      const again = () => frame.iframe === iframe && stopped.takeLater(frame);
      if (aim === null) setTimeout(() => late(again() || null), DOUBT);
      return aim;
    },
    clear: (frame) => stopped.clear(frame),
    stop: () => document.removeEventListener("securitypolicyviolation", note),
  };
}
