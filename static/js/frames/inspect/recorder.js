/* Records what is said, saves it as a fixture, opens one, and has it said to the app once more. */

import { LARGEST } from "../../lib/native/fixture.js";
import { MOST } from "../../lib/native/fixture.js";
import { ROOM } from "../../lib/native/fixture.js";
import { fitting } from "../../lib/native/fixture.js";
import { fixtureOf } from "../../lib/native/fixture.js";
import { madeUp } from "../../lib/native/made-up.js";
import { mayReplay } from "../../lib/native/fixture.js";
import { messageOf } from "../../lib/native/fixture.js";
import { readFixture } from "../../lib/native/fixture.js";
import { replay } from "./replay.js";
import { stepsOf } from "../../lib/native/fixture.js";
import { textsOf } from "./parts.js";
import { within } from "./parts.js";

export class Recorder {
  constructor(drawer) {
    const { element, view, app, ending } = drawer;
    Object.assign(this, { drawer, app, view, element, signal: ending.signal, rows: null, size: 0, fixture: null });
    this.text = textsOf(element);
    this.file = within(element, "file");
    view.onRow = (row) => this.take(row);
    element.addEventListener("click", ({ target }) => this.press(target.closest("[data-do]")?.dataset.do));
    this.file.addEventListener("change", () => this.read());
  }

  press(what) {
    if (what === "record") this.rows ? this.stop() : this.start();
    if (what === "save") this.save();
    if (what === "open") this.file.click();
    if (what === "replay") this.replay();
  }

  start() {
    Object.assign(this, { rows: [], size: 0, fixture: null });
    this.mark(true);
    this.say("recording");
  }

  take(row) {
    if (!this.rows || row.data === undefined) return;
    this.rows.push(row);
    this.size += row.size;
    if (this.rows.length >= MOST || this.size >= ROOM) this.stop();
  }

  stop() {
    this.fixture = this.made(this.rows);
    this.rows = null;
    this.mark(false);
    this.say("recorded", { number: this.fixture.messages.length });
  }

  /* What was recorded or opened; else what stands in the timeline. */
  ready() {
    if (this.rows) this.stop();
    return this.fixture ?? this.made(fitting(this.view.timeline.rows));
  }

  made(rows) {
    const start = rows[0]?.at ?? 0;
    const [{ origin } = {}] = this.drawer.frames();
    const recordedAt = new Date(performance.timeOrigin + (start || performance.now())).toISOString();
    return fixtureOf(rows.filter(({ isReplay }) => !isReplay).map((row) => messageOf(row, start)), { app: this.app, origin, recordedAt });
  }

  save() {
    const fixture = this.ready();
    if (fixture.messages.length === 0) return this.say("nothing");
    const kept = within(this.element, "real").checked ? fixture : madeUp(fixture);
    const href = URL.createObjectURL(new Blob([`${JSON.stringify(kept, null, 2)}\n`], { type: "application/json" }));
    const link = Object.assign(document.createElement("a"), { href, download: `app-${this.app.id}-fixture.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
    return this.say("saved", { number: kept.messages.length });
  }

  async read() {
    const [file] = this.file.files;
    if (!file) return;
    const { fixture, problem } = file.size > LARGEST ? { problem: "too_large_file" } : readFixture(await file.text());
    this.file.value = "";
    if (fixture && !mayReplay(fixture, { id: this.app.id, origin: this.drawer.frames()[0]?.origin })) this.say("other_app");
    else if (problem) this.say(problem);
    else {
      this.fixture = fixture;
      this.say("opened", { number: fixture.messages.length });
    }
  }

  async replay() {
    const steps = stepsOf(this.ready());
    this.say("replaying");
    const number = await replay(this.drawer, steps, this.text("replay"));
    if (!this.signal.aborted) this.say(number ? "replayed" : "not_replayed", { number });
  }

  mark(isOn) {
    this.element.querySelector('[data-do="record"]').setAttribute("aria-pressed", String(isOn));
  }

  say(name, values) {
    within(this.element, "say").textContent = this.text(name, values);
  }

  end() {
    this.view.onRow = () => {};
  }
}
