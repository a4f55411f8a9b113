/* Who writes just now: how often it is told, and how long it is believed. Time is handed in. No DOM. */

export const IDLE = 5000; // without a key, somebody has stopped
const TELL_EVERY = 4000;
const BELIEVE = 30_000; // other clients say it once

export class Typist {
  constructor() {
    this.told = -Infinity;
    this.kind = "";
  }

  /* Whether the others are to be told that somebody writes a reply, or a note. */
  types(kind, now) {
    if (kind === this.kind && now - this.told < TELL_EVERY) return false;
    this.told = now;
    this.kind = kind;
    return true;
  }

  /* Whether they are to be told that it is over. */
  stops() {
    const wasTyping = this.kind !== "";
    this.told = -Infinity;
    this.kind = "";
    return wasTyping;
  }
}

export class Others {
  constructor() {
    this.known = new Map();
  }

  /* `who` is {type, id, name} as events have it; `isPrivate` says that it will be a note. */
  note(isTyping, who, isPrivate, now) {
    const key = `${who.type}-${who.id}`;
    if (!isTyping) return this.known.delete(key);
    const kind = who.type === "contact" ? "contact" : isPrivate ? "note" : "reply";
    return this.known.set(key, { name: who.name, kind, until: now + BELIEVE });
  }

  /* What somebody has written is there: nobody believes any more that it is being written. */
  arrived(who) {
    this.known.delete(`${who?.type}-${who?.id}`);
  }

  at(now) {
    for (const [key, { until }] of this.known) if (until <= now) this.known.delete(key);
    return [...this.known.values()].map(({ name, kind }) => ({ name, kind }));
  }
}
