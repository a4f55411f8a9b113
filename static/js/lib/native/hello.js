/* The first word of an app that speaks the desk's own protocol. It is judged as a whole: one thing wrong, none of it. */

import { weigh } from "./weigh.js";

export const VERSION = 1;
const LARGEST = 4096;
const NONCE = /^[\w-]{22,64}$/;
const KEYS = new Set(["deskframe", "type", "nonce", "versions", "sdk", "want"]);

/* {kind, nonce, sdk, want} or null. */
export function readHello(said) {
  if (typeof said !== "object" || said?.deskframe !== 1 || said.type !== "hello") return null;
  if (weigh(said, LARGEST) !== "ok" || !Object.keys(said).every((key) => KEYS.has(key))) return null;
  const { nonce, versions, sdk, want } = said;
  if (typeof nonce !== "string" || !NONCE.test(nonce)) return null;
  if (!Array.isArray(versions) || !versions.includes(VERSION)) return null;
  const isKnown = holdsOnly(sdk, { name: isName, version: isName }) && holdsOnly(want, { actions: isNames, events: isNames });
  return isKnown ? { kind: "hello", nonce, sdk: sdk ?? {}, want: want ?? {} } : null;
}

function holdsOnly(object, parts) {
  if (object === undefined) return true;
  if (typeof object !== "object" || object === null || Array.isArray(object)) return false;
  return Object.entries(object).every(([key, value]) => Object.hasOwn(parts, key) && parts[key](value));
}

const isName = (value) => typeof value === "string" && value.length <= 64;
const isNames = (value) => Array.isArray(value) && value.every(isName);
