/* The talk with one document in one frame, from its hello until it goes: a port, and what was told over it. */

import { Budget } from "../../lib/native/budget.js";
import { Calls } from "./calls.js";
import { Pulse } from "./pulse.js";
import { Pushes } from "./pushes.js";
import { VERSION } from "../../lib/native/hello.js";
import { envOf } from "./env.js";
import { pause } from "./pausing.js";
import { readRequest } from "../../lib/native/request.js";
import { tap } from "../tap.js";

const GRACE = 500; // milliseconds in which an app may put away what it has not saved

export class Session {
  constructor(frame, { hello, told, host }) {
    const { port1, port2 } = new MessageChannel();
    Object.assign(this, { frame, host, port: port1, granted: told.granted, isOver: false, isLeaving: false, seq: 0 });
    this.id = randomName();
    this.budget = new Budget(performance.now());
    this.calls = new Calls(this);
    this.pulse = new Pulse(this);
    this.pushes = new Pushes(this, told);
    port1.onmessage = (event) => this.hear(event);
    const welcome = { deskframe: 1, type: "welcome", nonce: hello.nonce, version: VERSION, session: this.id, ...this.about(told) };
    frame.window.postMessage(welcome, frame.origin, [port2]);
    tap(frame, "out", welcome);
    this.look();
  }

  about({ app, granted }) {
    const placement = this.frame.opener ? "modal" : this.frame.element.parentElement?.dataset.place || "side";
    return {
      host: { name: "Deskframe", origin: window.location.origin },
      app: { client_id: app.client_id, version: app.version, title: app.title, placement, frame: this.frame.index },
      granted,
      env: envOf(this.frame),
      ctx: this.pushes.initial(),
    };
  }

  /* The budget comes first: what is too much is not even read. */
  hear(event) {
    const verdict = this.budget.spend(performance.now());
    tap(this.frame, "in", event.data, verdict === "take" && event.ports.length > 0 ? "ports" : verdict);
    if (verdict === "paused") return this.pause();
    if (verdict === "muted") return undefined;
    const said = event.ports.length === 0 ? readRequest(event.data) : { kind: "bad", id: null, code: "invalid" };
    if (verdict === "refuse") return this.calls.refuse(said.id, "rate_limited", this.budget.wait);
    if (said.kind === "pong") return this.pulse.pong(said.number);
    if (said.kind === "ack") return this.onAck?.();
    if (said.kind === "cancel") return this.calls.cancel(said.id);
    if (said.kind === "bad") return this.calls.refuse(said.id, said.code);
    return this.calls.take(said);
  }

  /* Whether a request that names this context is about what the agent sees. */
  isCurrent(ctx = this.pushes.ctx.id) {
    return !this.isLeaving && ctx === this.pushes.ctx.id && this.pushes.ctx.key === this.host.conversation.key;
  }

  offer(key, data) {
    this.pushes.offer(key, data);
  }

  look() {
    const visible = this.frame.isShown && !document.hidden;
    if (visible === this.isVisible) return;
    const isFirst = this.isVisible === undefined;
    this.isVisible = visible;
    this.pulse.turn(visible);
    if (!isFirst) this.tell("visibility", { visible });
  }

  tellEnv() {
    this.tell("env.changed", { env: envOf(this.frame) });
  }

  tell(ev, more) {
    if (!this.isOver) this.post({ ev, seq: (this.seq += 1), ...more });
  }

  post(letter) {
    this.port.postMessage(letter);
    tap(this.frame, "out", letter);
  }

  pause() {
    pause(this.frame, this.host.shelf);
  }

  leave() {
    this.isLeaving = true;
    this.tell("teardown", { deadline_ms: GRACE });
    return Promise.race([new Promise((done) => (this.onAck = done)), new Promise((done) => setTimeout(done, GRACE))]);
  }

  end() {
    if (this.isOver) return;
    this.isOver = true;
    this.calls.end();
    this.pulse.turn(false);
    this.pushes.end();
    this.port.close();
    this.host.sessionEnded(this);
    if (this.frame.session === this) this.frame.session = null;
  }
}

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
