/* A recorded talk as a file: written, read, made anonymous, and what of it can be said once more. See docs/apps/inspector.md. */

import { redacted } from "./redact.js";
import { unwrapped } from "./redact.js";

export const VERSION = 1;
export const MOST = 1000;
export const LARGEST = 5 * 1024 * 1024; // bytes of a file
export const ROOM = LARGEST / 3; // for what is recorded: a file has spaces for people in it
const LONGEST_WAIT = 1000;
const NOT_AGAIN = new Set(["teardown"]);

/* The newest of the rows that have something to keep, as many as a fixture has room for. */
export function fitting(rows) {
  let left = ROOM;
  const fits = ({ data, size }) => data !== undefined && (left -= size) >= 0;
  return [...rows].reverse().filter(fits).reverse();
}

/* One line of a fixture. `start` is when the recording began. */
export function messageOf(row, start) {
  const { data, isText } = unwrapped(row.data);
  return {
    at: Math.round(row.at - start),
    from: row.direction === "in" ? "app" : "desk",
    frame: row.frame.index,
    data: redacted(data),
    ...(isText ? { text: true } : {}),
    ...(row.refused ? { refused: row.refused } : {}),
  };
}

export function fixtureOf(messages, { app, origin, recordedAt }) {
  return { deskframe_fixture: VERSION, recorded_at: recordedAt, app: { id: app.id, title: app.title, origin }, data: "real", messages };
}

/* {fixture}, or {problem} in one word. */
export function readFixture(text) {
  if (text.length > LARGEST) return { problem: "too_large_file" };
  const { data } = unwrapped(text.trim());
  if (typeof data !== "object" || typeof data.app !== "object" || data.app === null) return { problem: "no_fixture" };
  if (data.deskframe_fixture !== VERSION) return { problem: "version" };
  const isWhole = Array.isArray(data.messages) && data.messages.length <= MOST && data.messages.every(isMessage);
  return isWhole && ["real", "made-up"].includes(data.data) ? { fixture: data } : { problem: "no_fixture" };
}

function isMessage(said) {
  if (typeof said !== "object" || said === null) return false;
  return Number.isFinite(said.at) && ["app", "desk"].includes(said.from) && Number.isSafeInteger(said.frame) && Object.hasOwn(said, "data");
}

/* Real data goes to no other app than the one that had it. */
export function mayReplay({ data, app }, { id, origin }) {
  return data === "made-up" || (app.id === id && app.origin === origin);
}

/* What the desk said, in order: {wait, frame, letter, isText} for the window of an app, {…, event} for its port. No answer
   is repeated, and no question of the app: so nothing is written at the desk. */
export function stepsOf({ messages }) {
  let last = null;
  return messages.filter(({ from }) => from === "desk").flatMap(({ at, frame, data, text }) => {
    const said = sayable(data);
    if (!said) return [];
    const wait = last === null ? 0 : Math.min(LONGEST_WAIT, Math.max(0, at - last));
    last = at;
    return [{ wait, frame, isText: text === true, ...said }];
  });
}

function sayable(data) {
  if (typeof data !== "object" || data === null) return null;
  if (data.event === "appContext" && typeof data.data === "object" && data.data !== null) return { letter: data };
  if (data.type === "welcome" && typeof data.ctx?.data === "object") return { event: changed(data.ctx, data.ctx.id) };
  if (typeof data.ev !== "string" || NOT_AGAIN.has(data.ev)) return null;
  return { event: data.ev === "context.changed" ? changed(data, data.ctx) : data };
}

/* Under a name that no session has: what the app would write for it is stale. */
function changed({ data, reason, changed: parts = [] }, ctx) {
  return { ev: "context.changed", ctx: `replay-${ctx}`, reason, changed: parts, data };
}
