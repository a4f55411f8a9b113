/* A fixture without people in it: every text that is not part of the protocol is another one, the same for the same. */

import { FETCH_INFO } from "../bridge.js";
import { HIDDEN } from "./redact.js";

const KEPT = new Set([
  "event", "ev", "type", "m", "dialect", "ctx", "reason", "code", "status", "message_type", "content_type", "sender_type",
  "channel", "priority", "role", "availability_status", "theme", "locale", "dir", "time_zone", "kind", "placement", "version",
  "attribute_model", "attribute_display_type", "attribute_key", "file_type", "assignee_type",
]); // fields whose values are words of the protocol
const LISTS = new Set(["scopes", "actions", "features", "changed", "versions"]);
const FREE = /^(p|r|(custom|additional|content)_attributes)$/; // here numbers and any word may be somebody's
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/;
const SHAPES = [
  [/email|^uid$/, (number) => `person-${number}@example.com`],
  [/phone/, (number) => `+1555555${String(number).padStart(4, "0")}`],
  [/name|^title$/, (number) => `Name ${number}`],
  [/url|thumbnail|avatar/, (number) => `https://example.com/${number}`],
];

export function madeUp(fixture) {
  const known = new Map();
  const messages = fixture.messages.map((message) => ({ ...message, data: other(message.data, "", { known }) }));
  return { ...fixture, data: "made-up", messages };
}

function other(value, name, about) {
  if (Array.isArray(value)) return LISTS.has(name) ? value : value.map((each) => other(each, name, about));
  if (typeof value === "object" && value !== null) return inside(value, name, about);
  if (typeof value === "number" && about.isFree) return 1;
  if (typeof value !== "string" || value === "" || value === HIDDEN || value === FETCH_INFO) return value;
  if (!about.isFree && (KEPT.has(name) || TIME.test(value))) return value;
  return textFor(value, name, about.known);
}

function inside(value, name, about) {
  const next = FREE.test(name) ? { ...about, isFree: true } : about;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, other(each, key, next)]));
}

function textFor(value, name, known) {
  const [, shape] = SHAPES.find(([names]) => names.test(name)) ?? [null, (number) => `Text ${number}`];
  const kind = shape(0);
  if (!known.has(`${kind} ${value}`)) known.set(`${kind} ${value}`, shape(known.size + 1));
  return known.get(`${kind} ${value}`);
}
