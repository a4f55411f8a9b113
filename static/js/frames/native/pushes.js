/* What an app is told of the open conversation: when, and what of it is new. */

import { changed } from "../../lib/native/changes.js";
import { factsOf } from "../../lib/bridge.js";

const TRAILING = 20; // one answer of the desk changes several places of the page; it has waited for others already
const APART = 1000;

export class Pushes {
  constructor(session) {
    Object.assign(this, { session, offered: null, timer: null, toldAt: -Infinity, count: 1 });
  }

  offer(key, data) {
    this.offered = { key, facts: factsOf(data) };
    if (!this.session.isVisible) return; // once, when it is seen again
    if (key !== this.session.ctx.key) this.push();
    else this.timer ??= setTimeout(() => this.push(), this.wait());
  }

  wait() {
    return Math.max(TRAILING, this.toldAt + APART - performance.now());
  }

  push() {
    clearTimeout(this.timer);
    this.timer = null;
    if (!this.offered) return;
    const { session } = this;
    const { key, facts } = this.offered;
    this.offered = null;
    const isOther = key !== session.ctx.key;
    const news = changed(session.facts, facts);
    if (!isOther && news.length === 0) return;
    // each time that the agent comes to a conversation it is another context, also the second time
    if (isOther) session.ctx = { id: `c${(this.count += 1)}`, key };
    session.facts = facts;
    this.toldAt = performance.now();
    const reason = isOther ? "conversation" : "update";
    session.tell("context.changed", { ctx: session.ctx.id, reason, changed: news, data: facts });
  }

  end() {
    clearTimeout(this.timer);
  }
}
