/* How wide the side may be: never so narrow that an app is useless, never so wide that the thread is. */

export const LEAST = 280;
const STEP = 16;
const LEAP = 64;

export function most(page) {
  return Math.max(LEAST, Math.round(page * 0.45));
}

export function fit(width, page) {
  return Math.round(Math.min(Math.max(width, LEAST), most(page)));
}

/* The width after a key, or null for a key that means nothing here. `wider` is the arrow that points away from the side. */
export function afterKey(key, width, page, wider = "ArrowLeft") {
  const narrower = wider === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  const next = { [wider]: width + STEP, [narrower]: width - STEP, PageUp: width + LEAP, PageDown: width - LEAP, Home: LEAST, End: most(page) };
  return key in next ? fit(next[key], page) : null;
}
