/* One endpoint of an app: its line (origin, reload, open), its state, its iframe. It knows no other frame. */

import { letters } from "../lib/bridge.js";
import { makePace } from "../lib/bridge.js";
import { tap } from "./tap.js";

const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads";
const PATIENCE = 15_000;
const QUIET = 5_000;

let count = 0;
let figures = null;

export class AppFrame {
  constructor(spec, { template, texts, onLoad, onReload }) {
    Object.assign(this, { ...spec, onLoad, isShown: false, isListening: false, usedAt: 0, seq: 0 });
    this.texts = Object.assign(Object.create(texts), { unfilled: spec.says }); // more texts may come later
    this.element = template.content.firstElementChild.cloneNode(true);
    this.part("origin").textContent = spec.origin.replace(/^https:\/\//, "");
    this.part("open").href = spec.url;
    this.part("reload").addEventListener("click", () => onReload(this));
    this.update(spec);
  }

  /* The name, the place in the list and the format may change while the frame lives. */
  update({ app, position }) {
    Object.assign(this, { app, position });
    this.name = app.frames.length > 1 ? this.text("numbered", { number: this.index + 1 }) : app.title;
    this.element.setAttribute("aria-label", this.name);
    if (this.iframe) this.label();
  }

  /* A fresh iframe, also for a reload: setting src again would add a step to the page's history. */
  open() {
    this.close();
    this.isListening = this.hasSpoken = this.hasLoaded = this.hasGreeted = this.hasGreetedSinceLoad = false;
    this.told = null;
    this.answers = makePace(1000);
    this.iframe = document.createElement("iframe");
    this.label();
    this.iframe.setAttribute("sandbox", this.sandbox ? `${SANDBOX} ${this.sandbox}` : SANDBOX);
    this.iframe.setAttribute("allow", this.allow ?? "");
    this.iframe.referrerPolicy = "strict-origin";
    // by its name a form finds it, but only by one that it had from the start; apps can read it, so it says nothing
    if (this.app.launch_url) this.iframe.name = `launched-${(count += 1)}`;
    else this.attend(this.url);
    this.show("loading");
    this.part("body").append(this.iframe);
    if (this.app.launch_url) import("./launch.js").then(({ launch }) => launch(this));
    this.timer = setTimeout(() => this.show("silent"), PATIENCE);
  }

  /* From here on what loads is the app: a frame that is launched is empty before. */
  attend(url) {
    this.iframe.addEventListener("load", () => this.onLoad(this));
    if (url) this.iframe.src = url;
  }

  label() {
    this.iframe.id = `dashboard-app--frame-${this.position}-${this.index}`;
    this.iframe.title = this.name;
  }

  close() {
    this.session?.end();
    clearTimeout(this.timer);
    this.answers?.stop();
    this.iframe?.remove();
    this.iframe = null;
  }

  /* Whoever keeps a session gets a moment to put things away, out of sight. */
  async remove() {
    if (this.session) {
      this.element.style.display = "none";
      this.iframe.removeAttribute("id");
      await this.session.leave();
    }
    this.close();
    this.element.remove();
  }

  /* The app is there: it has loaded, or it has spoken before it had. Of one that says nothing
     the desk may know that the browser has refused it. */
  settle({ hasSpoken = false } = {}) {
    this.hasSpoken ||= hasSpoken;
    hasSpoken || this.mark("load");
    if (this.element.dataset.state === "ready") return;
    clearTimeout(this.timer);
    this.isListening = true;
    this.show("ready");
    if (!this.hasSpoken) this.timer = setTimeout(() => import("./verdict.js").then(({ suspect }) => suspect(this)), QUIET);
  }

  show(state, values = {}) {
    this.mark(state);
    this.element.dataset.state = state;
    this.part("say").textContent = state === "ready" ? "" : this.text(state, values);
    if (state === "silent") import("./verdict.js").then(({ explain }) => explain(this));
  }

  /* For whoever counts. */
  mark(what, at = performance.now()) {
    figures ??= import("./figures.js"); // one promise for all, which keeps the order
    figures.then(({ note }) => note(this, what, at));
  }

  get window() {
    return this.iframe?.contentWindow ?? null;
  }

  /* Always to the pinned origin: whatever else stands in the frame by now must not read it. */
  post(format, about, mark) {
    this.mark("context");
    this.told = mark;
    this.seq += 1;
    for (const letter of letters(format, about, this.seq)) {
      this.window?.postMessage(letter, this.origin);
      tap(this, "out", letter);
    }
  }

  text(name, values = {}) {
    const known = { title: this.app.title, origin: this.origin, ...values };
    return this.texts[name].replace(/\{(\w+)\}/g, (place, word) => known[word] ?? place);
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }
}
