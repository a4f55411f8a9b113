/* Values of an app that the desk shows: checked, cut to size, and nothing but text. */

import { Refusal } from "./request.js";
import { plainBlock } from "../plain-text.js";
import { plainText } from "../plain-text.js";

export const HEIGHTS = { least: 120, most: 2000 };

/* "", "1" … "99", "99+": what a tab shows. */
export function badge(value) {
  if (value === null || value === 0) return "";
  if (!Number.isSafeInteger(value) || value < 0) throw new Refusal("invalid");
  return value > 99 ? "99+" : String(value);
}

export function height(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Refusal("invalid");
  return Math.min(HEIGHTS.most, Math.max(HEIGHTS.least, Math.round(value)));
}

/* One line, cut where it is too long. */
export function line(value, longest) {
  if (typeof value !== "string") throw new Refusal("invalid");
  const text = plainText(value, longest);
  if (!text) throw new Refusal("invalid");
  return text;
}

/* Several lines, whole or not at all: nobody wants half of a text in a reply. */
export function block(value, longest) {
  if (typeof value !== "string") throw new Refusal("invalid");
  if (value.length > longest) throw new Refusal("too_large");
  const text = plainBlock(value);
  if (!text.trim()) throw new Refusal("invalid");
  return text;
}

export function oneOf(value, words) {
  if (!words.includes(value)) throw new Refusal("invalid");
  return value;
}

/* The name of a file, which is no path. */
export function fileName(value) {
  const name = line(value, 100).replace(/[/\\:*?"<>|]/g, "-").replace(/^\.+/, "");
  return name || "download";
}

/* Where inside the desk: {what: "conversation" | "contact" | "inbox", id}. Numbers only, never an address. */
export function destination(params) {
  const named = Object.entries(params).filter(([, id]) => id !== undefined);
  if (named.length !== 1) throw new Refusal("invalid");
  const [what, id] = named[0];
  if (!Number.isSafeInteger(id) || id < 1) throw new Refusal("invalid");
  return { what: oneOf(what, ["conversation", "contact", "inbox"]), id };
}
