/* What an app hears of the open conversation, and what of it is new. */

/* "conversation.status", "contact.email", …: where two contexts differ, two steps deep. */
export function changed(before, after) {
  return Object.keys(after).flatMap((part) => (Array.isArray(after[part]) ? wholly(part, before, after) : inside(part, before, after)));
}

function wholly(part, before, after) {
  return isSame(before[part], after[part]) ? [] : [part];
}

function inside(part, before, after) {
  const names = new Set([...Object.keys(before[part]), ...Object.keys(after[part])]);
  return [...names].filter((name) => !isSame(before[part][name], after[part][name])).map((name) => `${part}.${name}`);
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
