/* What somebody has sent and the desk has not confirmed, in order. It is written down first, so that a closed tab
   loses nothing, and has a name, so that the desk posts it once however often it is sent. No DOM. */

const WAITING = "waiting";
const FAILED = "failed"; // nobody was reached: it goes with the others, when it is tried again
const REFUSED = "refused"; // the desk said no
const KEPT = "kept"; // from an earlier page; offered, never sent by itself

export class Outbox {
  constructor(storage, key, name = newName) {
    Object.assign(this, { storage, key, name });
    this.items = read(storage.getItem(key)).map((item) => ({ ...item, state: KEPT }));
  }

  /* `fields` are the form's, as pairs of name and text. */
  add(fields) {
    const item = { name: this.name(), fields, state: WAITING, why: "" };
    this.items.push(item);
    this.write();
    return item;
  }

  next() {
    return this.items.find(({ state }) => state === WAITING);
  }

  drop(name) {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.name !== name);
    if (this.items.length < before) this.write();
    return this.items.length < before;
  }

  refuse(name, why) {
    for (const item of this.items) if (item.name === name) Object.assign(item, { state: REFUSED, why });
  }

  /* Nobody can be reached: what waits behind would only come out of order. */
  fail() {
    for (const item of this.items) if (item.state === WAITING) item.state = FAILED;
  }

  /* Everything that was not reached goes again, in order; and this one, whatever it waits for. */
  retry(name) {
    for (const item of this.items) if (item.state === FAILED || item.name === name) item.state = WAITING;
  }

  /* Another page has sent some of it. */
  reread() {
    const known = new Set(read(this.storage.getItem(this.key)).map(({ name }) => name));
    this.items = this.items.filter(({ name }) => known.has(name));
  }

  write() {
    if (this.items.length === 0) return this.storage.removeItem(this.key);
    return this.storage.setItem(this.key, JSON.stringify(this.items.map(({ name, fields }) => ({ name, fields }))));
  }
}

/* Random, in the shape of a UUID; browsers make those themselves only on pages with a certificate. */
export function newName() {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function read(text) {
  try {
    const items = JSON.parse(text ?? "[]");
    return items.filter(({ name, fields }) => typeof name === "string" && Array.isArray(fields));
  } catch {
    return [];
  }
}
