/* Apps that speak the desk's own protocol: who has said hello gets a port of its own, and over it what it may know. */

import { VERSION } from "../../lib/bridge.js";
import { addressOf } from "../page.js";
import { askDesk } from "../page.js";
import { factsOf } from "../../lib/bridge.js";
import { mayHear } from "../../lib/shelf.js";
import { onThemeChange } from "../page.js";
import { tap } from "../tap.js";
import { theme } from "../page.js";

const ATTEMPTS = 3;

export class NativeHost {
  constructor({ shelf, conversation, learn }) {
    Object.assign(this, { shelf, conversation, learn, modals: new Set(), badges: null, parts: null, typedAt: -Infinity });
    this.stopTheme = onThemeChange(() => this.sessions().forEach((session) => session.tellEnv()));
    const look = () => [...shelf.frames(), ...this.frames()].forEach((frame) => this.update(frame));
    const { signal } = (this.ending = new AbortController());
    document.addEventListener("visibilitychange", look, { signal });
    const resettle = () => import("./settling.js").then((settling) => this.sessions().forEach(settling.resettle));
    document.addEventListener("apps:listed", resettle, { signal });
    document.addEventListener("keydown", () => (this.typedAt = performance.now()), { capture: true, signal });
  }

  /* The frame knows by now that these words came from its own window at its pinned origin. */
  async hello(frame, hello, source) {
    this.learn(frame.app, "native");
    frame.session?.end();
    frame.hello = hello; // the newest counts
    const told = await this.ask(frame, hello);
    if (!told && frame.hello === hello) tap(frame, "in", null, "unwelcome");
    if (!told || frame.hello !== hello || frame.window !== source) return;
    frame.session = new Session(frame, { hello, told, host: this });
  }

  /* What the server lets this app know, of the conversation that is open when the answer is there. */
  async ask(frame, hello) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { key } = this.conversation;
      const answer = await fetchWelcome(frame, key);
      if (!answer?.ok || frame.hello !== hello) return null;
      const told = await answer.json();
      if (this.conversation.key === key && mayHear(frame, key)) return told;
    }
    return null;
  }

  /* Asked for once; again only if that failed. */
  async prepared() {
    this.parts ??= import("./parts.js").then(({ loadParts }) => loadParts(this.shelf.texts));
    this.make = await this.parts.catch((error) => (this.parts = null, Promise.reject(error)));
  }

  /* Something may have changed, or the frame is seen, or no longer: a hidden one hears it when it is seen again. */
  update(frame) {
    const { session } = frame;
    session?.look();
    if (session?.isVisible) this.conversation.tell(frame, ({ key, data }) => session.talk((talk) => talk.pushes.offer(key, data)));
  }

  /* What an app has put on the page goes with what it was about. */
  reread() {
    for (const modal of this.modals) modal.opener.isCurrent() || modal.close();
    this.badges?.draw();
  }

  sessionEnded(session) {
    for (const modal of this.modals) if (modal.opener === session) modal.close();
    this.badges?.set(session.frame.app.id, "");
  }

  sessions() {
    return [...this.shelf.frames(), ...this.frames()].map(({ session }) => session).filter(Boolean);
  }

  /* Frames that stand in no slot. */
  frames() {
    return [...this.modals].map(({ frame }) => frame);
  }

  stop() {
    this.stopTheme();
    this.ending.abort();
    for (const session of this.sessions()) session.end();
  }
}

export function fetchWelcome({ app }, conversation) {
  const address = `${addressOf(app.id, "welcome")}?${new URLSearchParams({ conversation })}`;
  return askDesk(address, { redirect: "error" }).catch(() => null);
}

/* The session of one document in one frame, from its hello until it goes: a port, and what was told over it. What comes
   after the welcome is imported with the app's first word, or with the first news for it. */
const GRACE = 500; // milliseconds in which an app may put away what it has not saved
const PULSE = 30_000;

class Session {
  constructor(frame, { hello, told, host }) {
    const { port1, port2 } = new MessageChannel();
    Object.assign(this, { frame, host, port: port1, granted: told.granted, isOver: false, isLeaving: false, seq: 0 });
    this.id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.ctx = { id: "c1", key: told.key };
    this.facts = factsOf(told.data);
    port1.onmessage = (event) => this.talk((talk) => talk.hear(event));
    const welcome = { deskframe: 1, type: "welcome", nonce: hello.nonce, version: VERSION, session: this.id, ...this.about(told) };
    frame.window.postMessage(welcome, frame.origin, [port2]);
    tap(frame, "out", welcome);
    frame.mark("context");
    this.look();
    this.sizes = new ResizeObserver(() => this.isSame() || this.talk((talk) => talk.size.note()));
    this.sizes.observe(frame.iframe);
  }

  about({ app: { client_id, version, title }, granted }) {
    const { frame, ctx, facts } = this;
    const placement = frame.opener ? "modal" : frame.element.parentElement?.dataset.place || "side";
    this.app = { client_id, version, title, placement, frame: frame.index };
    this.env = envOf(frame);
    return {
      host: { name: "Deskframe", origin: window.location.origin },
      app: this.app,
      granted,
      env: this.env,
      ctx: { id: ctx.id, seq: 0, reason: "initial", data: facts },
    };
  }

  /* What is asked of it while it is on its way is done in order. */
  talk(use) {
    this.talking ??= import("./talk.js").then(({ Talk }) => new Talk(this));
    this.talking.then((talk) => this.isOver || use(talk));
  }

  /* Whether a request that names this context is about what the agent sees. */
  isCurrent(ctx = this.ctx.id) {
    return !this.isLeaving && ctx === this.ctx.id && this.ctx.key === this.host.conversation.key;
  }

  look() {
    const visible = this.frame.isShown && !document.hidden;
    if (visible === this.isVisible) return;
    const isFirst = this.isVisible === undefined;
    this.isVisible = visible;
    clearInterval(this.pulse);
    this.missed = 0;
    if (visible) this.pulse = setInterval(() => this.talk((talk) => talk.ping()), PULSE);
    if (!isFirst) this.tell("visibility", { visible });
    this.onLook?.();
  }

  tellEnv() {
    this.tell("env.changed", { env: (this.env = envOf(this.frame)) });
  }

  /* Whether the frame has the room that the app knows of. */
  isSame({ width, height } = envOf(this.frame).viewport) {
    return width === this.env.viewport.width && height === this.env.viewport.height;
  }

  tell(ev, more) {
    if (!this.isOver) this.post({ ev, seq: (this.seq += 1), ...more });
  }

  post(letter) {
    this.port.postMessage(letter);
    tap(this.frame, "out", letter);
  }

  leave() {
    this.isLeaving = true;
    this.tell("teardown", { deadline_ms: GRACE });
    return new Promise((done) => (this.onAck = done, setTimeout(done, GRACE)));
  }

  end() {
    if (this.isOver) return;
    this.isOver = true;
    this.onEnd?.();
    clearInterval(this.pulse);
    this.sizes.disconnect();
    this.port.close();
    this.host.sessionEnded(this);
    if (this.frame.session === this) this.frame.session = null;
  }
}

/* How the agent's page looks, so that an app can look alike. */
function envOf({ iframe }) {
  const { lang, dir } = iframe.closest("[lang]");
  return {
    theme: theme(),
    locale: lang,
    dir: dir || "ltr",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    reduced_motion: window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    viewport: { width: iframe.clientWidth, height: iframe.clientHeight },
  };
}
