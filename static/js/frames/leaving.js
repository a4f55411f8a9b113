/* Which frame tried to leave? Asked of what the browser reports to the page; where two may be meant, of none. */

import { DOUBT } from "../lib/stopped.js";
import { Stopped } from "../lib/stopped.js";
import { originOf } from "../lib/stopped.js";
import { reportLeaving } from "./telling.js";

export class Leaving {
  constructor() {
    this.stopped = new Stopped();
  }

  note({ blockedURI, sourceFile, timeStamp }, suspects) {
    this.stopped.note({ origin: originOf(blockedURI), byDesk: sourceFile !== "" }, suspects, timeStamp);
  }

  /* A frame has loaded: `settle` if it was not stopped. That may show only in a moment in which nobody else is meant. */
  loaded(frame, { iframe, isAgain, at }, settle) {
    if (frame.iframe !== iframe) return;
    const aim = this.stopped.take(frame, { isAgain }, at);
    if (aim !== null) return stray(frame, aim);
    setTimeout(() => this.judgeLate(frame, iframe), DOUBT);
    settle();
  }

  judgeLate(frame, iframe) {
    const aim = frame.iframe === iframe && this.stopped.takeLater(frame);
    if (aim) stray(frame, aim);
  }

  clear(frame) {
    this.stopped.clear(frame);
  }
}

/* What stands in the frame now is not the app: it wanted to go to `aim`, or the browser did not let it in. */
function stray(frame, aim) {
  clearTimeout(frame.timer);
  frame.isListening = false;
  const state = aim ? "left" : "strayed";
  frame.show(aim === frame.origin ? "barred" : state, { aim });
  if (aim && aim !== frame.origin) reportLeaving(frame.app, aim);
}
