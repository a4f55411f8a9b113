/* Apps that speak the desk's own protocol: who has said hello gets a port of its own, and over it what it may know. */

import { Session } from "./session.js";
import { addressOf } from "../page.js";
import { drawBadges } from "./badges.js";
import { loadParts } from "./parts.js";
import { mayHear } from "../../lib/shelf.js";
import { onThemeChange } from "../page.js";
import { tap } from "../tap.js";

const ATTEMPTS = 3;

export class NativeHost {
  constructor({ shelf, conversation, learn }) {
    Object.assign(this, { shelf, conversation, learn, modals: new Set(), badges: new Map() });
    this.parts = null;
    this.stopTheme = onThemeChange(() => this.sessions().forEach((session) => session.tellEnv()));
    this.onLook = () => [...shelf.frames(), ...this.frames()].forEach((frame) => this.update(frame));
    document.addEventListener("visibilitychange", this.onLook);
  }

  /* The frame knows by now that these words came from its own window at its pinned origin. */
  async hello(frame, hello, source) {
    this.learn(frame.app, "native");
    frame.session?.end();
    frame.hello = hello; // the newest counts
    const told = await this.ask(frame, hello);
    if (!told) tap(frame, "in", null, "unwelcome");
    if (!told || frame.hello !== hello || frame.window !== source) return;
    frame.session = new Session(frame, { hello, told, host: this });
  }

  /* What the server lets this app know, of the conversation that is open when the answer is there. */
  async ask(frame, hello) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { key } = this.conversation;
      const address = `${addressOf(frame.app.id, "welcome")}?${new URLSearchParams({ conversation: key })}`;
      const [answer, parts] = await Promise.all([get(address), this.prepared()]);
      if (!answer?.ok || !parts || frame.hello !== hello) return null;
      const told = await answer.json();
      if (this.conversation.key === key && mayHear(frame, key)) return told;
    }
    return null;
  }

  /* Asked for once; again only if that failed. */
  prepared() {
    this.parts ??= loadParts(this.shelf.texts).then((make) => (this.make = make), () => (this.parts = null));
    return this.parts;
  }

  /* Something may have changed, or the frame is seen, or no longer: a hidden one hears it when it is seen again. */
  update(frame) {
    const { session } = frame;
    session?.look();
    if (session?.isVisible) this.conversation.tell(frame, ({ key, data }) => frame.session === session && session.offer(key, data));
  }

  /* What an app has put on the page goes with what it was about. */
  reread() {
    for (const modal of this.modals) modal.opener.isCurrent() || modal.close();
    drawBadges(this.badges);
  }

  sessionEnded(session) {
    for (const modal of this.modals) if (modal.opener === session) modal.close();
    this.badges.delete(session.frame.app.id);
    drawBadges(this.badges);
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
    document.removeEventListener("visibilitychange", this.onLook);
    for (const session of this.sessions()) session.end();
  }
}

function get(address) {
  return fetch(address, { redirect: "error" }).catch(() => null);
}
