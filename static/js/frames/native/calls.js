/* What an app has asked for and not yet got. */

import { ACTIONS } from "./actions.js";
import { LIMITS } from "../../lib/native/budget.js";
import { Refusal } from "../../lib/native/request.js";
import { refusal } from "../../lib/native/request.js";

export class Calls {
  constructor(session) {
    Object.assign(this, { session, waiting: new Map(), turn: null });
  }

  async take({ id, ...request }) {
    if (this.waiting.has(id)) return this.refuse(id, "invalid");
    if (this.waiting.size >= LIMITS.pending) return this.refuse(id, "rate_limited", 1);
    const ending = new AbortController();
    this.waiting.set(id, ending);
    let letter;
    try {
      letter = { id, ok: true, r: (await this.perform(request, ending.signal)) ?? null };
    } catch (error) {
      if (!(error instanceof Refusal)) reportError(error);
      letter = refusal(id, error instanceof Refusal ? error : new Refusal("internal"));
    }
    if (this.waiting.get(id) !== ending) return undefined; // nobody waits for it any more
    this.waiting.delete(id);
    return this.session.post(letter);
  }

  async perform({ method, params, ctx }, signal) {
    const { session } = this;
    const action = ACTIONS.get(method);
    if (!action) throw new Refusal("unsupported");
    if (!session.granted.actions.includes(action.grant ?? method)) throw new Refusal("denied_scope");
    const does = await this.load(action);
    if (signal.aborted) return null;
    if ((action.needsContext || ctx !== null) && !session.isCurrent(ctx)) throw new Refusal("stale_context");
    const { frame, host } = session;
    return does(params, { method, session, frame, host, signal, ctx: session.ctx });
  }

  /* What does it, and in the order in which it was asked for, also while some of it is still on its way. */
  async load({ from, shows, run }) {
    const coming = Promise.all([from(), shows && this.session.host.prepared(), this.turn]);
    this.turn = coming.catch(() => {});
    return (await coming)[0][run];
  }

  refuse(id, code, retryAfter = null) {
    if (id !== null && id !== undefined) this.session.post(refusal(id, new Refusal(code, "", retryAfter)));
  }

  cancel(id) {
    const ending = this.waiting.get(id);
    this.waiting.delete(id);
    ending?.abort();
  }

  end() {
    for (const id of [...this.waiting.keys()]) this.cancel(id);
  }
}
