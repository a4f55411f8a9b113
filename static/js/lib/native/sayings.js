/* What kind of message it is that went between the desk and an app, and what it weighs. */

import { FETCH_INFO } from "../bridge.js";
import { readRequest } from "./request.js";
import { unwrapped } from "./redact.js";
import { weigh } from "./weigh.js";

export const LARGEST = 256 * 1024; // bytes; what is larger is not kept
const LONGEST_NAME = 64;
const WINDOW = new Set(["hello", "notification"]);

/* {kind, name, id}, and `code` where nobody can be answered because the message says not whom. */
export function saying(direction, said) {
  const found = direction === "in" ? heard(said) : told(unwrapped(said).data);
  return { ...found, name: found.name.slice(0, LONGEST_NAME) };
}

function heard(said) {
  if (said === FETCH_INFO) return { kind: "fetch-info", name: "fetch-info", id: null };
  if (WINDOW.has(said?.type)) return { kind: said.type, name: said.type, id: said.nonce ?? null };
  const { kind, id, number, method, code } = readRequest(said);
  if (kind === "request") return { kind, name: method, id };
  if (kind !== "bad") return { kind, name: kind, id: id ?? number ?? null };
  return { kind: "request", name: typeof said?.m === "string" ? said.m : "?", id, ...(id === null ? { code } : {}) };
}

function told(letter) {
  if (letter.event === "appContext") return { kind: "context", name: "appContext", id: null };
  if (letter.type === "welcome") return { kind: "welcome", name: "welcome", id: letter.nonce };
  if (letter.ping !== undefined) return { kind: "ping", name: "ping", id: letter.ping };
  if (letter.ev !== undefined) return { kind: "event", name: letter.ev, id: null };
  return { kind: "reply", name: "", id: letter.id, code: letter.e?.code, message: letter.e?.message };
}

/* Bytes as JSON; null where it is too large to be kept, or nothing that JSON can say. */
export function sizeOf(direction, said) {
  if (typeof said === "string") return within(said);
  if (direction === "in" && weigh(said, LARGEST) !== "ok") return null;
  return within(JSON.stringify(said) ?? "");
}

function within(text) {
  if (text.length > LARGEST) return null;
  const size = new TextEncoder().encode(text).length;
  return size > LARGEST ? null : size;
}
