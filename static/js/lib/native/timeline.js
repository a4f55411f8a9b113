/* The last messages between the desk and one app: what answers what, how long that took, what was refused. Bounded in
   number, in size and in how many it looks at in a second; time is handed in. */

import { makeLimit } from "../bridge.js";
import { saying } from "./sayings.js";
import { sizeOf } from "./sayings.js";

export const MOST = 200;
const MOST_OPEN = 64; // requests of one frame that still wait for their reply
const UNREAD = new Set(["refuse", "muted", "paused"]); // the host has not looked at them either
const makePace = () => makeLimit(100, 1000); // for each way of its own: a flood of an app hides nothing that the desk says
const ANSWERS = { reply: "request", welcome: "hello", context: "fetch-info", pong: "ping" };

export class Timeline {
  constructor() {
    Object.assign(this, { rows: [], changed: new Set(), count: 0, open: new WeakMap(), pace: { in: makePace(), out: makePace() } });
  }

  /* Takes an entry of the tap. The row that it made, or null where it only changed another. */
  add(entry) {
    if (entry.data === null && entry.verdict !== "take") return this.judge(entry);
    const isUnread = UNREAD.has(entry.verdict);
    if (isUnread || !this.pace[entry.direction].take(entry.at)) return this.tally({ ...entry, verdict: isUnread ? entry.verdict : "skipped" });
    const { direction, data } = entry;
    const size = entry.size ?? sizeOf(direction, data);
    const { kind, name, id, code = null, message = entry.message ?? null } = entry.kind ? entry : saying(direction, data);
    const row = this.push(entry, { kind, name, id, size, message, data: size === null ? undefined : data });
    row.isReplay = entry.verdict === "replay" || data?.replay === true;
    row.refused = entry.verdict === "take" || row.isReplay ? code : entry.verdict;
    this.match(row);
    return row;
  }

  push({ at, frame, direction }, more) {
    this.count += 1;
    const row = { number: this.count, at, frame, direction, ms: null, count: 1, refused: null, message: null, size: null, ...more };
    this.rows.push(row);
    if (this.rows.length > MOST) this.rows.shift();
    return row;
  }

  /* Messages of a flood are counted, not looked at. */
  tally({ verdict, ...entry }) {
    const floods = this.rows.slice(this.rows.findLastIndex(({ kind }) => kind !== "flood") + 1);
    const same = floods.find((row) => row.refused === verdict && row.frame === entry.frame && row.direction === entry.direction);
    if (!same) return this.push(entry, { kind: "flood", name: "…", refused: verdict });
    same.count += 1;
    this.changed.add(same);
    return null;
  }

  /* The host has thought about what came before: of greetings about the newest, of notifications about one after the other. */
  judge({ frame, verdict }) {
    const isNote = verdict === "noted" || verdict === "notes";
    const isMeant = (row) => row.frame === frame && (isNote ? row.kind === "notification" && !row.isJudged : row.kind === "hello");
    const row = isNote ? this.rows.find(isMeant) : this.rows.findLast(isMeant);
    if (row) row.isJudged = true;
    if (row && verdict !== "noted") this.refuse(row, verdict);
    return null;
  }

  refuse(row, code, message = null) {
    Object.assign(row, { refused: code, message });
    this.changed.add(row);
  }

  /* Each question is answered once: the first answer is the one that counts. */
  match(row) {
    if (!this.open.has(row.frame)) this.open.set(row.frame, new Map());
    const open = this.open.get(row.frame);
    const asked = ANSWERS[row.kind];
    const key = `${asked} ${row.id}`;
    const question = asked && open.get(key);
    if (question) {
      open.delete(key);
      this.answer(question, row);
    } else if (Object.values(ANSWERS).includes(row.kind) && !open.has(`${row.kind} ${row.id}`)) {
      open.set(`${row.kind} ${row.id}`, row);
      if (open.size > MOST_OPEN) open.delete(open.keys().next().value);
    } else if (row.kind === "cancel") open.delete(`request ${row.id}`);
  }

  answer(question, row) {
    row.ms = question.ms = row.at - question.at;
    if (row.kind === "reply") row.name = question.name;
    if (row.refused) this.refuse(question, row.refused, row.message);
    this.changed.add(question);
  }

  clear() {
    this.rows = [];
    this.changed.clear();
  }
}
