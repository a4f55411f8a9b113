/* What was counted of one app until it is told: how often, or how many milliseconds each time. */

const MOST = 50; // of anything; further ones are not told
const LONGEST = 600_000; // milliseconds; what took longer is not told
const COUNTED = new Map([["silent", "failed"], ["barred", "failed"], ["strayed", "failed"], ["muted", "muted"], ["paused", "paused"]]);

export class Tally {
  constructor() {
    Object.assign(this, { words: {}, frames: new WeakMap() });
  }

  /* What happens to a frame: it is `shown`; it comes into a state, `loading` whenever it is opened anew; it has its
     `load`, its `context`. Gives whether there is something to tell. */
  note(frame, what, at) {
    const known = this.frames.get(frame) ?? {};
    this.frames.set(frame, known);
    if (what === "shown") this.count(frame.index === 0 && "opened"); // the app, not each of its frames
    else if (what === "load" || what === "context") this.took(what, at - known.start, known);
    else this.turn(known, what, at);
    return Object.keys(this.words).length > 0;
  }

  turn(known, state, at) {
    if (state !== known.state) this.count(COUNTED.get(state));
    if (state === "loading") {
      if (known.state === "paused") this.count("resumed");
      Object.assign(known, { start: at, load: false, context: false });
    }
    if (state !== "muted") known.state = state;
  }

  /* The first time since it was opened. */
  took(what, duration, known) {
    if (!known[what] && duration >= 0 && duration <= LONGEST) {
      this.words[what] = [...(this.words[what] ?? []), Math.round(duration)].slice(0, MOST);
    }
    known[what] = true;
  }

  count(word) {
    if (word) this.words[word] = Math.min((this.words[word] ?? 0) + 1, MOST);
  }

  /* All of it, or null if there is nothing. */
  take() {
    const { words } = this;
    this.words = {};
    return Object.keys(words).length > 0 ? words : null;
  }
}
