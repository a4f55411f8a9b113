/* The frames of one app, one under another, laid over the slot in which the app is seen. The Tab key follows what is seen:
   tab, panel, the app's frames, what stands after the panel. The frames stand elsewhere in the document, so the two ends
   of a group lead back to the panel and on from it. */

const STOPS = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, iframe, [tabindex='0']";

export class Group {
  constructor(app) {
    this.slot = null;
    this.element = document.createElement("div");
    this.element.className = "app-group";
    this.element.id = `app-frames-${app}`;
    this.own(null);
    this.ending = new AbortController();
    this.element.append(this.edge(this.entered), this.edge(this.left));
    document.addEventListener("keydown", (event) => this.follow(event), { signal: this.ending.signal });
  }

  /* Frames stand in the order of the app's endpoints, whichever was made first. */
  add(frame) {
    const frames = [...this.element.querySelectorAll(":scope > .app-frame")];
    frame.element.dataset.index = frame.index;
    const after = frames.find((other) => Number(other.dataset.index) > frame.index);
    this.element.insertBefore(frame.element, after ?? this.element.lastElementChild);
  }

  layOver(slot, origin) {
    if (this.slot !== slot) this.own(slot);
    if (!slot) return;
    const { left, top, width, height } = slot.getBoundingClientRect();
    const box = { left: left - origin.left, top: top - origin.top, width, height };
    for (const side in box) this.element.style[side] = `${box[side]}px`;
  }

  /* To a screen reader the frames are inside the tab's panel. */
  own(slot) {
    this.slot?.removeAttribute("aria-owns");
    slot?.setAttribute("aria-owns", this.element.id);
    if (slot) slot.tabIndex = 0;
    this.element.dataset.place = slot?.dataset.place ?? "";
    this.slot = slot;
    this.element.inert = !slot;
    this.element.classList.toggle("is-away", !slot);
  }

  edge(onFocus) {
    const mark = document.createElement("span");
    mark.tabIndex = 0;
    mark.dataset.edge = "";
    mark.addEventListener("focus", onFocus.bind(this));
    return mark;
  }

  entered({ relatedTarget }) {
    if (this.element.contains(relatedTarget)) this.slot?.focus();
    else this.enter();
  }

  left() {
    const { slot } = this;
    const isLater = (stop) => slot.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (slot) [...document.querySelectorAll(STOPS)].find((stop) => isLater(stop) && canFocus(stop))?.focus();
  }

  enter() {
    this.element.querySelector(".app-frame :is(button, a[href])")?.focus();
  }

  follow(event) {
    const { key, shiftKey, target } = event;
    if (key === "Tab" && !shiftKey && target === this.slot) event.preventDefault(), this.enter();
    if (key !== "Escape" || !this.element.contains(target)) return;
    document.querySelector(`[aria-controls="${this.slot?.id}"]`)?.focus();
  }

  remove() {
    this.own(null);
    this.ending.abort();
    this.element.remove();
  }
}

function canFocus(stop) {
  return stop.tabIndex >= 0 && !stop.closest("#frame-shelf") && stop.checkVisibility({ visibilityProperty: true });
}
