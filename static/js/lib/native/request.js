/* What an app may send on its port, and how a refusal is written. */

import { weigh } from "./weigh.js";

export const LARGEST = 64 * 1024;
const LONGEST_NAME = 64;
const KEYS = new Set(["id", "m", "p", "ctx"]);

/* What was sent: {kind: "request", id, method, params, ctx}, {kind: "cancel", id}, {kind: "pong", number},
   {kind: "ack"}, or {kind: "bad", id, code}; the id of something bad is null where it cannot be told. */
export function readRequest(said) {
  const weight = weigh(said, LARGEST);
  if (typeof said !== "object" || said === null || Array.isArray(said)) return bad(null, "invalid");
  if (weight !== "ok") return bad(idOf(said), weight);
  return readSign(said) ?? readCall(said);
}

function readSign(said) {
  const keys = Object.keys(said);
  if (keys.length !== 1) return null;
  if (keys[0] === "cancel" && isId(said.cancel)) return { kind: "cancel", id: said.cancel };
  if (keys[0] === "pong" && isId(said.pong)) return { kind: "pong", number: said.pong };
  return keys[0] === "ack" && said.ack === "teardown" ? { kind: "ack" } : null;
}

function readCall(said) {
  const id = idOf(said);
  const { m: method, p: params = {}, ctx = null } = said;
  if (id === null || !Object.keys(said).every((key) => KEYS.has(key))) return bad(id, "invalid");
  if (typeof method !== "string" || method.length === 0) return bad(id, "invalid");
  if (method.length > LONGEST_NAME) return bad(id, "too_large");
  if (typeof params !== "object" || params === null || Array.isArray(params)) return bad(id, "invalid");
  if (ctx !== null && (typeof ctx !== "string" || ctx.length > LONGEST_NAME)) return bad(id, "invalid");
  return { kind: "request", id, method, params, ctx };
}

const bad = (id, code) => ({ kind: "bad", id, code });
const isId = (id) => Number.isSafeInteger(id) && id >= 0;
const idOf = (said) => (Object.hasOwn(said, "id") && isId(said.id) ? said.id : null);

/* A refusal on its way to the app. Thrown by whoever does what was asked. */
export class Refusal extends Error {
  constructor(code, message = "", retryAfter = null) {
    super(message);
    Object.assign(this, { code, retryAfter });
  }
}

export function refusal(id, { code, message, retryAfter }) {
  const e = { code, message: message || SENTENCES[code] };
  return { id, ok: false, e: retryAfter === null || retryAfter === undefined ? e : { ...e, retry_after: retryAfter } };
}

/* For developers, so always in English. */
const SENTENCES = {
  denied_scope: "The app was not granted this.",
  denied_user: "The agent may not do this.",
  invalid: "The message or its parameters are not as documented.",
  stale_context: "The agent has gone on to another conversation.",
  unsupported: "There is no such method.",
  rate_limited: "Too many messages.",
  too_large: "The message is too large.",
  busy: "Not now.",
  timeout: "The desk did not answer in time.",
  internal: "Something went wrong at the desk.",
};
