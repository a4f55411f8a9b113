/* The frames of one app, one under another, laid over the slot in which the app is seen. */

import { guideFocus } from "./focus.js";

export class Group {
  constructor(app) {
    this.slot = null;
    this.element = document.createElement("div");
    this.element.className = "app-group";
    this.element.id = `app-frames-${app}`;
    this.own(null);
    this.stopGuiding = guideFocus(this);
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
    const box = slot.getBoundingClientRect();
    const { style } = this.element;
    style.left = `${box.left - origin.left}px`;
    style.top = `${box.top - origin.top}px`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
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

  remove() {
    this.own(null);
    this.stopGuiding();
    this.element.remove();
  }
}
