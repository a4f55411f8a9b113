/* What leads out of the desk: another page, the clipboard, a file. Each only if the agent has just clicked, or says yes. */

import { Refusal } from "../../lib/native/request.js";
import { ask } from "./asking.js";
import { block } from "../../lib/native/values.js";
import { copyText } from "../../lib/clipboard.js";
import { fileName } from "../../lib/native/values.js";
import { line } from "../../lib/native/values.js";
import { outsideLink } from "../../lib/native/links.js";
import { say } from "../notes.js";

const LONGEST = 50_000;

export function openLink({ url }, { frame }) {
  const link = outsideLink(url);
  if (!link) throw new Refusal("invalid");
  requireClick(frame);
  follow({ href: link.url, target: "_blank", rel: "noopener noreferrer" });
  say(frame, frame.text("opened", { host: line(link.host, 100) }));
}

export async function writeClipboard({ text }, { frame }) {
  const words = block(text, LONGEST);
  requireClick(frame);
  const { activeElement } = document;
  activeElement?.blur(); // browsers give the clipboard to the document that has the focus
  window.focus();
  await copyText(words);
  activeElement?.focus({ preventScroll: true });
  say(frame, frame.text("copied"));
}

export async function download({ name, content }, about) {
  const file = fileName(name);
  if (typeof content !== "string") throw new Refusal("invalid");
  const isWanted = await ask(about.frame.text("download", { name: file }), about);
  if (!isWanted) return { saved: false };
  const href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  follow({ href, download: file });
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  return { saved: true };
}

/* The browser knows that somebody has just clicked; that it was in this app shows in where the focus is. */
function requireClick({ iframe }) {
  if (!navigator.userActivation.isActive || document.activeElement !== iframe) throw new Refusal("denied_user", "The agent has not clicked just now.");
}

function follow(attributes) {
  const link = Object.assign(document.createElement("a"), attributes);
  document.body.append(link);
  link.click();
  link.remove();
}
