/* How heavy is what an app sent? Counted as JSON, and given up as soon as it is too much: whatever was sent, the
   counting ends after as many steps as the limit has characters. */

export const DEEPEST = 12;

/* "ok", "too_large", or "invalid" for what JSON cannot say: cycles, dates, maps, bytes, big or endless numbers. */
export function weigh(value, most) {
  const waiting = [[value, 0]];
  let left = most;
  while (waiting.length > 0) {
    const [part, depth] = waiting.pop();
    if (depth > DEEPEST) return "invalid";
    const cost = typeof part === "object" && part !== null ? open(part, depth, waiting, left) : costOf(part, left);
    if (cost === null) return "invalid";
    left -= cost;
    if (left < 0) return "too_large";
  }
  return "ok";
}

/* What the brackets and names cost; the values inside wait for their turn. More of them than there is room left for
   are not even looked at. */
function open(part, depth, waiting, left) {
  if (Array.isArray(part)) return openList(part, depth, waiting, left);
  if (Object.getPrototypeOf(part) !== Object.prototype) return null;
  let cost = 2;
  for (const name in part) {
    cost += 2 + costOf(name, left);
    if (cost > left) break;
    waiting.push([part[name], depth + 1]);
  }
  return cost;
}

function openList(list, depth, waiting, left) {
  const cost = 2 + list.length;
  if (cost <= left) for (const each of list) waiting.push([each, depth + 1]);
  return cost;
}

function costOf(part, left) {
  if (typeof part === "string") return part.length > left ? part.length : JSON.stringify(part).length;
  if (typeof part === "number") return Number.isFinite(part) ? String(part).length : null;
  if (typeof part === "boolean" || part === null) return 5;
  return part === undefined ? 0 : null;
}
