/* The rules of the bridge between the desk and an app: what is heard, what is said, and in which tongue. No DOM. */

import { plainText } from "./plain-text.js";

export const FETCH_INFO = "chatwoot-dashboard-app:fetch-info";
export const VERSION = 1;
const LONGEST_NOTE = 200;

/* The same window may hold another site's page by now, and one site may stand in several windows: both must fit. */
export function isFrom(event, { window, origin }) {
  return event.isTrusted && Boolean(window) && event.source === window && event.origin === origin;
}

/* Speaking is proof: only apps written for Chatwoot ask its way, and only the desk's own say hello. */
export function formatAfter(format, shown) {
  return format === "auto" ? shown : format;
}

/* What an app may say. Everything else, also from newer or other hosts' apps, is null: not for us. */
export function readMessage(said) {
  if (said === FETCH_INFO) return { kind: "fetch-info" };
  if (typeof said !== "object" || said === null || !Object.hasOwn(said, "type")) return null;
  if (said.type !== "notification" || typeof said.message !== "string") return null;
  const message = plainText(said.message, LONGEST_NOTE);
  return message ? { kind: "notification", message } : null;
}

/* Readers written for Chatwoot parse a string and skip an object; Ndoto's read an object and skip a string. An app
   that stumbles over the object ends with the string, because it comes last. */
const DIALECTS = new Map([["ndoto", ["ndoto"]], ["auto", ["ndoto", "chatwoot"]], ["native", []]]);

/* What is posted, in order. `about` is {key, data}: the conversation's key and what the server lets apps know. */
export function letters(format, { key, data }, seq) {
  return (DIALECTS.get(format) ?? ["chatwoot"]).map((dialect) => {
    const letter = { event: "appContext", data: { ...knownParts(data), meta: { ...data.meta, v: 1, ctx: key, seq, dialect } } };
    return dialect === "chatwoot" ? JSON.stringify(letter) : letter;
  });
}

/* Two contexts with the same mark say the same, so the second need not be sent. */
export function markOf({ key, data }) {
  return JSON.stringify([key, knownParts(data)]);
}

/* The context without what goes another way to the desk's own apps: theme and numbers. */
export function factsOf({ conversation = {}, contact = {}, currentAgent = {}, customAttributes = [] }) {
  return { conversation, contact, currentAgent, customAttributes };
}

function knownParts(data) {
  return { ...factsOf(data), theme: data.theme === "dark" ? "dark" : "light" };
}

const LARGEST = 4096; // as JSON
const NONCE = /^[\w-]{22,64}$/;

/* The first word of an app that speaks the desk's own protocol, or null. It is judged as a whole: one thing wrong, none of it. */
export function readHello(said) {
  if (typeof said !== "object" || said?.deskframe !== 1 || said.type !== "hello") return null;
  return holdsOnly(said, HELLO) && JSON.stringify(said).length <= LARGEST ? { kind: "hello", nonce: said.nonce } : null;
}

/* Nothing but what is known, and of that nothing deep or endless: only then is it safe to measure. */
function holdsOnly(object, parts) {
  if (typeof object !== "object" || object === null || Array.isArray(object)) return false;
  return Object.keys(parts).concat(Object.keys(object)).every((key) => Object.hasOwn(parts, key) && parts[key](object[key]));
}

const optional = (parts) => (value) => value === undefined || holdsOnly(value, parts);
const isName = (value) => value === undefined || (typeof value === "string" && value.length <= 64);
const isNames = (value) => value === undefined || (isShort(value) && value.every((name) => name && isName(name)));
const isShort = (value) => Array.isArray(value) && value.length < 100;
const HELLO = {
  deskframe: Boolean,
  type: Boolean,
  nonce: (value) => typeof value === "string" && NONCE.test(value),
  versions: (value) => isShort(value) && value.includes(VERSION) && value.every(Number.isFinite),
  sdk: optional({ name: isName, version: isName }),
  want: optional({ actions: isNames, events: isNames }),
};

/* A context as the page carries it: what stands in it several times is written once. `shared` has the ways to the
   places of each value, `common` is what all messages have. */
export function unpacked(text) {
  const { shared = [], common = {}, ...block } = JSON.parse(text);
  for (const message of block.data.conversation?.messages ?? []) Object.assign(message, common);
  for (const { value, at } of shared) {
    for (const way of at) {
      const owner = way.slice(0, -1).reduce((inner, step) => inner[step], block.data);
      owner[way.at(-1)] = value;
    }
  }
  return block;
}

/* At once, and then not again for `interval` ms: the last of what is asked meanwhile is done at their end. */
export function makePace(interval) {
  let pause = null;
  let next = null;
  function ask(task) {
    if (pause !== null) next = task;
    else begin(task);
  }
  function begin(task) {
    pause = setTimeout(end, interval);
    task();
  }
  function end() {
    pause = null;
    if (next) begin(next);
    next = null;
  }
  return { ask, stop: () => clearTimeout(pause) };
}

/* At most `count` times in any `span` ms. Time is handed in. */
export function makeLimit(count, span) {
  let taken = [];
  return {
    take(now) {
      taken = taken.filter((time) => now - time < span);
      return taken.length < count && taken.push(now) > 0;
    },
  };
}
