/* The rules of the bridge between the desk and an app: what is heard, what is said, and in which tongue. No DOM. */

import { plainText } from "./plain-text.js";

export const FETCH_INFO = "chatwoot-dashboard-app:fetch-info";
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

/* What browsers take for safe without a certificate: this machine itself. */
const LOCAL = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/* Why a frame must not be made, or null. The server pinned `origin`; where the browser reads the URL differently,
   one of the two is being deceived. */
export function mountProblem({ url, origin }, { ownOrigin, listed }) {
  if (!URL.canParse(url)) return "differs";
  const read = new URL(url);
  if (!/^https?:$/.test(read.protocol) || read.origin !== origin || read.username || read.password) return "differs";
  if (origin === ownOrigin) return "own";
  if (ownOrigin.startsWith("https:") && read.protocol === "http:" && !LOCAL.test(read.hostname)) return "insecure";
  return listed.has(origin) ? null : "unlisted";
}
