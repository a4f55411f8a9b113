/* What is said in a session after its welcome: what the app asks for, what it is told, and whether it is still there. */

import { Budget } from "../../lib/native/budget.js";
import { Calls } from "./calls.js";
import { Pushes } from "./pushes.js";
import { Size } from "./size.js";
import { readRequest } from "../../lib/native/request.js";
import { tap } from "../tap.js";

export class Talk {
  constructor(session) {
    Object.assign(this, { session, number: 0, budget: new Budget(performance.now()) });
    this.calls = new Calls(session);
    this.pushes = new Pushes(session);
    this.size = new Size(session);
    this.reminder = null; // of the token, once it has one
    session.onEnd = () => [this.calls, this.pushes, this.size, this.reminder].forEach((part) => part?.end());
    session.onLook = () => [this.size, this.reminder].forEach((part) => part?.look());
    session.port.onmessage = (event) => this.hear(event);
  }

  /* The budget comes first: what is too much is not even read. */
  hear({ data, ports }) {
    const verdict = this.budget.spend(performance.now());
    tap(this.session.frame, "in", data, verdict === "take" && ports.length > 0 ? "ports" : verdict);
    if (verdict === "paused") return this.pause();
    if (verdict === "muted") return this.mute();
    const said = ports.length === 0 ? readRequest(data) : { kind: "bad", id: null, code: "invalid" };
    if (verdict === "refuse") return this.calls.refuse(said.id, "rate_limited", this.budget.wait);
    if (said.kind === "pong") return this.pong(said.number);
    if (said.kind === "ack") return this.session.onAck?.();
    if (said.kind === "cancel") return this.calls.cancel(said.id);
    if (said.kind === "bad") return this.calls.refuse(said.id, said.code);
    return this.calls.take(said);
  }

  /* Asked every half minute while the app is seen; whoever misses two is said to be silent. */
  ping() {
    if (this.session.missed >= 2) this.session.frame.show("silent");
    this.session.missed += 1;
    this.session.post({ ping: (this.number += 1) });
  }

  pong(number) {
    if (number !== this.number) return;
    this.session.missed = 0;
    this.session.frame.settle();
  }

  /* Noted when it begins, not with every message that is dropped. */
  mute() {
    if (this.mutes !== this.budget.mutes) this.session.frame.mark("muted");
    this.mutes = this.budget.mutes;
  }

  pause() {
    const { frame, host } = this.session;
    import("./pausing.js").then(({ pause }) => pause(frame, host));
    frame.close();
  }
}
