/* Which frame tried to leave? The browser reports a blocked navigation to the page without saying whose it was, and
   loads its own error page into that frame right after: the next frame to load is the one. */

import { originOf } from "../lib/bridge.js";

const SOON = 1000;

export function watchLeaving() {
  const blocked = [];
  const note = (event) => {
    if (event.effectiveDirective !== "frame-src" || event.disposition !== "enforce") return;
    blocked.push({ origin: originOf(event.blockedURI), until: performance.now() + SOON });
  };
  document.addEventListener("securitypolicyviolation", note);
  return {
    /* For a frame that has just loaded: where it was going when it was stopped, or null. */
    take() {
      const now = performance.now();
      while (blocked.length && blocked[0].until < now) blocked.shift();
      return blocked.shift()?.origin ?? null;
    },
    stop: () => document.removeEventListener("securitypolicyviolation", note),
  };
}
