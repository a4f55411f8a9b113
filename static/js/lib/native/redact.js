/* What the desk and an app have said, fit to be shown and kept: without anything that opens a door. */

export const HIDDEN = "[hidden]";

const SECRET = /(^|[_-])(token|secret|password|passphrase|authorization|cookie|nonce|session|signature|api[_-]?key)s?$/i;
const SIGNED = /\beyJ[\w-]{5,}\.[\w-]{5,}(\.[\w-]*)?/g;
const IN_ADDRESS = /([?&#;][\w-]*(?:token|secret|password|signature|sig|key|code)=)[^&#;\s"'<>]+/gi;

/* A copy. By the name that a value has, by how signed tokens look, and by how they stand in addresses. */
export function redacted(value, name = "", isSecret = false) {
  const isHidden = isSecret || SECRET.test(name.replace(/([a-z\d])([A-Z])/g, "$1_$2"));
  if (Array.isArray(value)) return value.map((each) => redacted(each, "", isHidden));
  if (typeof value === "object" && value !== null) return objectOf(value, isHidden);
  if (isHidden && value !== null && value !== undefined && value !== "") return HIDDEN;
  return typeof value === "string" ? value.replace(SIGNED, HIDDEN).replace(IN_ADDRESS, `$1${HIDDEN}`) : value;
}

/* Names come from elsewhere: one that is called __proto__ is a name like any other. */
function objectOf(value, isHidden) {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, redacted(each, name, isHidden)]));
}

/* {data, isText}: apps written for Chatwoot are sent JSON as a text. */
export function unwrapped(said) {
  if (typeof said !== "string" || !said.startsWith("{")) return { data: said, isText: false };
  try {
    return { data: JSON.parse(said), isText: true };
  } catch {
    return { data: said, isText: false };
  }
}
