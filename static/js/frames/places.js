/* Where the apps stand. The slots tell which app is seen and where; the frames themselves never move in the document,
   because a frame that moves is loaded again. Sizes are read where the browser is about to paint anyway. */

export class Places {
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
