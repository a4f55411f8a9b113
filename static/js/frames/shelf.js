/* Where frames live: made on first sight, kept while there is room, closed when their app has gone. */

import { AppFrame } from "./app-frame.js";
import { Group } from "./group.js";
import { mountProblem } from "../lib/shelf.js";
import { surplus } from "../lib/shelf.js";
import { wantedFrames } from "../lib/shelf.js";

export class Shelf {
  constructor(element, { onLoad, onShown, onHidden }) {
    const template = element.querySelector("template");
    Object.assign(this, { element, onShown, onHidden, live: new Map(), groups: new Map(), seen: new Map(), tick: 0 });
    this.texts = JSON.parse(element.dataset.texts);
    this.listed = new Set(element.dataset.origins.split(" "));
    this.made = { template, texts: this.texts, onLoad, onReload: (frame) => this.reload(frame) };
    this.places = new Places((seen) => this.arrange(seen));
    this.ending = new AbortController();
    document.addEventListener("focusout", ({ target }) => setTimeout(() => this.guard(target)), { signal: this.ending.signal });
    if (element.dataset.inspects) import("./inspecting.js").then(({ offer }) => offer(element, this));
  }

  /* The apps as the page has them now. The browser frames the origins that it was loaded with and no other. */
  stock(apps, conversation) {
    this.wanted = wantedFrames(apps, conversation);
    for (const frame of this.frames()) {
      if (this.wanted.has(frame.key)) frame.update(this.wanted.get(frame.key));
      else this.drop(frame);
    }
    this.places.watch();
  }

  frames() {
    return [...this.live.values()];
  }

  shown() {
    return this.frames().filter((frame) => frame.isShown);
  }

  arrange(seen) {
    this.seen = seen;
    this.fill();
    const { left, top } = this.element.getBoundingClientRect();
    for (const [app, group] of this.groups) group.layOver(seen.get(app) ?? null, { left, top });
    if (this.isDoubled || this.places.visible().length > seen.size) this.markElsewhere();
  }

  /* Rare; but where there were two, there may be one again. */
  markElsewhere() {
    this.isDoubled = true;
    import("./elsewhere.js").then(({ markElsewhere }) => markElsewhere(this.places, this.texts));
  }

  /* Every endpoint of the apps that are seen has a frame; frames that are no longer seen wait. */
  fill() {
    for (const spec of this.wanted.values()) {
      if (this.seen.has(spec.app.id) && !this.live.has(spec.key)) this.make(spec);
    }
    for (const frame of this.frames()) this.turn(frame, this.seen.has(frame.app.id));
    surplus(this.frames()).forEach((frame) => this.drop(frame));
  }

  make(spec) {
    const frame = new AppFrame(spec, this.made);
    this.live.set(spec.key, frame);
    this.group(spec.app.id).add(frame);
    this.load(frame);
  }

  load(frame) {
    const wrong = () => mountProblem(frame, { ownOrigin: window.location.origin, listed: this.listed });
    const problem = frame.says ? "unfilled" : wrong();
    frame.show(problem ?? "loading");
    if (problem === "differs" || problem === "unfilled") frame.part("open")?.remove();
    // once the browser has painted what was just changed, so that an app never delays the desk's own page
    if (!problem) requestAnimationFrame(() => setTimeout(() => this.live.get(frame.key) === frame && frame.open()));
  }

  reload(frame) {
    if (frame.element.dataset.state === "unlisted") window.location.reload();
    else this.load(frame);
  }

  turn(frame, isShown) {
    if (frame.isShown === isShown) return;
    frame.isShown = isShown;
    frame.usedAt = this.tick += 1;
    if (isShown) (frame.mark("shown"), this.onShown(frame));
    else this.onHidden(frame);
  }

  group(app) {
    if (!this.groups.has(app)) {
      const group = new Group(app);
      this.groups.set(app, group);
      this.element.append(group.element);
    }
    return this.groups.get(app);
  }

  async drop(frame) {
    const { id } = frame.app;
    this.live.delete(frame.key);
    await frame.remove();
    if (this.frames().some(({ app }) => app.id === id)) return;
    this.groups.get(id)?.remove();
    this.groups.delete(id);
  }

  guard(field) {
    const frame = this.frames().find(({ iframe }) => iframe && iframe === document.activeElement);
    if (frame) import("./guarding.js").then(({ guard }) => guard(field, frame, this));
  }

  stop() {
    this.places.stop();
    this.ending.abort();
    this.frames().forEach((frame) => this.drop(frame));
  }
}

/* Where the apps stand. The slots tell which app is seen and where; the frames themselves never move in the document,
   because a frame that moves is loaded again. Sizes are read where the browser is about to paint anyway. */
class Places {
  /* `onChange(seen)` gets a Map from app id to its visible slot each time something may have moved. */
  constructor(onChange) {
    this.onChange = onChange;
    this.sizes = new ResizeObserver(() => this.look());
    this.slots = new Map();
    this.turn = 0;
    this.listening = new AbortController();
    // a panel that slides in is measured on its way, and its size does not change when it arrives
    document.addEventListener("animationend", () => this.look(), { signal: this.listening.signal });
  }

  watch() {
    const slots = [...document.querySelectorAll("[data-app-slot]")];
    this.slots = new Map(slots.map((slot) => [slot, this.slots.get(slot) ?? 0]));
    this.sizes.disconnect();
    for (const element of [...slots, ...movers(slots)]) this.sizes.observe(element);
    requestAnimationFrame(() => this.look());
  }

  look() {
    for (const [slot, turn] of this.slots) {
      const isVisible = slot.clientWidth > 0;
      if (isVisible !== turn > 0) this.slots.set(slot, isVisible ? (this.turn += 1) : 0);
    }
    this.onChange(this.seen());
  }

  /* Of two visible places of one app, the one that was opened last has it. */
  prefer(slot) {
    this.slots.set(slot, (this.turn += 1));
    this.look();
  }

  seen() {
    return new Map(this.visible().map((slot) => [Number(slot.dataset.appSlot), slot]));
  }

  visible() {
    const open = [...this.slots].filter(([, turn]) => turn > 0);
    return open.sort(([, a], [, b]) => a - b).map(([slot]) => slot);
  }

  stop() {
    this.sizes.disconnect();
    this.listening.abort();
    this.onChange = () => {};
  }
}

/* What can push a slot aside without changing its size: the panes beside the one that it stands in. */
function movers(slots) {
  return new Set([document.body, ...slots.flatMap((slot) => [...(slot.closest(".desk")?.children ?? [])])]);
}
