/* The inspector: a drawer beside an app's frame, with what the two say to each other from the moment that it is opened. */

import { Recorder } from "./recorder.js";
import { TimelineView } from "./timeline.js";
import { addressOf } from "../page.js";
import { askDesk } from "../page.js";
import { onEntry } from "../tap.js";
import { place } from "./place.js";
import { readApps } from "../page.js";
import { showContext } from "./context.js";
import { watchFrames } from "./watching.js";
import { within } from "./parts.js";

let current = null;

/* One at a time: of another app, or none. */
export async function toggle(app, { button, shelf }) {
  const isSame = current?.app.id === app.id;
  current?.close({ isFocusKept: !isSame });
  if (isSame) return;
  current = new Drawer(app, { button, shelf });
  await current.open();
}

class Drawer {
  constructor(app, { button, shelf }) {
    Object.assign(this, { app, button, shelf, ending: new AbortController() });
    this.view = new TimelineView();
    this.take = (entry) => entry.app === app.id && this.view.take(entry);
    this.stops = [onEntry(this.take), watchFrames(this)];
  }

  frames() {
    return this.shelf.frames().filter((frame) => frame.app.id === this.app.id);
  }

  async open() {
    this.button.setAttribute("aria-expanded", "true");
    const answer = await askDesk(addressOf(this.app.id, "inspector"), { redirect: "error", signal: this.ending.signal }).catch(() => null);
    if (this !== current) return;
    if (!answer?.ok) return this.close();
    const box = document.createElement("div");
    box.innerHTML = await answer.text();
    if (this === current) this.show(box.firstElementChild);
  }

  show(element) {
    const { signal } = this.ending;
    this.element = element;
    this.button.setAttribute("aria-controls", element.id);
    document.body.append(element);
    this.stops.push(place(this));
    this.view.show(element);
    this.recorder = new Recorder(this);
    element.addEventListener("click", ({ target }) => this.press(target.closest("[data-do]")?.dataset.do));
    element.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), this.close()));
    document.addEventListener("htmx:after:swap", () => this.reread(), { signal });
    within(element, "title").focus();
  }

  press(what) {
    if (what === "close") this.close();
    if (what === "reload") this.frames().forEach((frame) => this.shelf.reload(frame));
    if (what === "clear") this.view.clear();
    if (what === "timeline" || what === "context") this.turn(what);
  }

  turn(name) {
    for (const each of this.element.querySelectorAll("[data-pane]")) each.hidden = each.dataset.pane !== name;
    for (const each of this.element.querySelectorAll(".segment")) each.setAttribute("aria-pressed", String(each.dataset.do === name));
    this.reread();
  }

  reread() {
    const pane = this.element.querySelector('[data-pane="context"]');
    if (!pane.hidden) showContext(this.app.id, pane, this.ending.signal);
    if (!readApps().some(({ id }) => id === this.app.id)) this.close();
  }

  /* The focus goes back to where it came from, if it was in here. */
  close({ isFocusKept = false } = {}) {
    const hadFocus = !isFocusKept && (!this.element || this.element.contains(document.activeElement));
    this.ending.abort();
    this.recorder?.end();
    this.stops.forEach((stop) => stop());
    this.view.end();
    this.element?.remove();
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-controls");
    if (hadFocus) (this.button.isConnected ? this.button : this.frames()[0]?.part("inspect"))?.focus();
    current = null;
  }
}
