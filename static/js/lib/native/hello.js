/* The first word of an app that speaks the desk's own protocol. It is judged as a whole: one thing wrong, none of it. */

export const VERSION = 1;
const LARGEST = 4096; // as JSON
const NONCE = /^[\w-]{22,64}$/;

/* {nonce} or null. */
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
