/* Whose navigation was stopped? The browser says where it went and who began it, the desk or an app by itself, but not
   in which frame; there it loads its own error page right after. Time is handed in. No DOM. */

const SOON = 1000;
export const DOUBT = 400; // ms after which whoever else was meant would have shown

export class Stopped {
  constructor() {
    this.known = [];
  }

  /* `suspects` are the frames that may be meant: not yet loaded, or any if an app began. */
  note({ origin, byDesk }, suspects, now) {
    this.known.push({ origin, byDesk, suspects: new Set(suspects), loaded: new Set(), until: now + SOON });
  }

  /* For a frame that loads, for the first time or again: where it was going, if nobody else can be meant. */
  take(frame, { isAgain }, now) {
    this.known = this.known.filter(({ until }) => until >= now);
    const found = this.about(frame);
    found?.loaded.add(frame);
    const isSure = found?.suspects.size === 1 || (found?.byDesk === false && isAgain);
    return isSure ? this.drop(found) : null;
  }

  /* The same a while later: of all who may be meant it is the only one that has loaded, and it has said nothing. */
  takeLater(frame) {
    const found = this.known.find(({ loaded }) => loaded.has(frame));
    return found?.loaded.size === 1 ? this.drop(found) : null;
  }

  /* Who speaks stands where it should. */
  clear(frame) {
    for (const { suspects, loaded } of this.known) suspects.delete(frame), loaded.delete(frame);
  }

  about(frame) {
    return this.known.find(({ suspects }) => suspects.has(frame));
  }

  drop(found) {
    this.known = this.known.filter((each) => each !== found);
    return found.origin;
  }
}

/* The origin that a blocked navigation aimed at, as far as the browser tells. */
export function originOf(blocked) {
  const origin = URL.canParse(blocked) ? new URL(blocked).origin : "null";
  return origin === "null" ? "" : origin;
}
