/* The timeline as a list. Drawn once for each picture of the screen, whatever has come meanwhile, and never longer than
   what is kept. */

import { Timeline } from "../../lib/native/timeline.js";
import { latencyText } from "./parts.js";
import { redacted } from "../../lib/native/redact.js";
import { sizeText } from "./parts.js";
import { textsOf } from "./parts.js";
import { timeText } from "./parts.js";
import { unwrapped } from "../../lib/native/redact.js";
import { within } from "./parts.js";

export class TimelineView {
  constructor() {
    Object.assign(this, { timeline: new Timeline(), lines: new Map(), drawn: 0, onRow: () => {} });
  }

  take(entry) {
    const row = this.timeline.add(entry);
    if (row) this.onRow(row);
    if (this.list) this.picture ??= requestAnimationFrame(() => this.draw());
  }

  show(element) {
    this.text = textsOf(element);
    this.list = within(element, "list");
    this.empty = within(element, "empty");
    this.template = within(element, "row");
    this.draw();
  }

  draw() {
    this.picture = null;
    const { rows, changed } = this.timeline;
    const isAtEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40;
    for (const row of changed) if (this.lines.has(row.number)) this.fill(this.lines.get(row.number), row);
    changed.clear();
    this.forget(rows[0]?.number ?? Infinity);
    const fresh = rows.filter(({ number }) => number > this.drawn);
    this.list.append(...fresh.map((row) => this.line(row)));
    this.drawn = rows.at(-1)?.number ?? this.drawn;
    this.empty.hidden = rows.length > 0;
    if (isAtEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  /* Whoever has the focus in a line that goes gets the list instead. */
  forget(first) {
    for (const [number, line] of this.lines) {
      if (number >= first) return;
      if (line.contains(document.activeElement)) this.list.focus({ preventScroll: true });
      line.remove();
      this.lines.delete(number);
    }
  }

  line(row) {
    const line = this.template.content.firstElementChild.cloneNode(true);
    line.dataset.kind = row.kind;
    line.dataset.way = row.kind === "state" ? "" : row.direction;
    within(line, "way").textContent = row.kind === "state" ? "" : this.text(row.direction);
    within(line, "at").textContent = timeText(row.at);
    line.firstElementChild.addEventListener("toggle", () => (within(line, "data").textContent = this.words(row)));
    this.lines.set(row.number, line);
    this.fill(line, row);
    return line;
  }

  fill(line, row) {
    const put = (part, text) => Object.assign(within(line, part), { textContent: text, hidden: !text });
    const where = row.frame.opener ? this.text("window") : row.frame.app.frames.length > 1 ? `#${row.frame.index + 1}` : "";
    put("name", row.kind === "state" ? this.text("state") : row.name || this.text("reply"));
    put("where", where);
    put("count", row.count > 1 ? `×${row.count}` : "");
    put("size", row.size ? sizeText(row.size) : "");
    put("ms", row.ms === null ? "" : latencyText(row.ms));
    put("mark", row.isReplay ? this.text("replay") : "");
    put("why", this.why(row));
    line.toggleAttribute("data-refused", Boolean(row.refused));
  }

  why({ kind, refused, message, name }) {
    if (kind === "state") return message || name;
    if (!refused) return "";
    return [this.text(refused, { origin: message }) || message, refused].filter(Boolean).join(" · ");
  }

  words(row) {
    if (row.data !== undefined) return JSON.stringify(redacted(unwrapped(row.data).data), null, 2);
    return row.kind === "state" || row.kind === "flood" ? this.why(row) : this.text("unkept");
  }

  clear() {
    this.timeline.clear();
    this.draw();
  }

  end() {
    cancelAnimationFrame(this.picture);
  }
}
