/* The context as one app may have it, where that is not all of what stands in the page: then the server cuts it. */

import { markOf } from "../lib/bridge.js";
import { theme } from "./page.js";

const FRESH = 100_000; // milliseconds; a token that comes with a context lasts a little longer

let era = 0;

/* What apps may see has been changed: nothing that was asked before counts any more. */
export function forgetContexts() {
  era += 1;
}

/* A note that was changed or taken back changes nothing in the page's own context, but an app may have been told it. */
document.addEventListener("cable:message.updated", ({ detail }) => detail.private && forgetContexts());

/* Calls `use(about, mark)`, if the agent has not gone on meanwhile and the server does not say no. It is asked once for
   each state of the page: what stands in it, and the last message, which may be a note. */
export async function askFor(frame, conversation, use) {
  const { key, mark } = conversation;
  const turn = frame.app.signed && Math.floor(Date.now() / FRESH);
  const version = [era, mark, document.getElementById(`end-${key}`)?.value, turn].join();
  if (frame.question?.version !== version) frame.question = { version, answer: fetched(frame.app.context_url, key) };
  const { question } = frame; // only the newest answer counts
  const data = await question.answer.catch(() => (frame.question = null)); // and one that failed does not
  if (!data || conversation.key !== key || frame.question !== question) return;
  const about = { key, data: { ...data, theme: theme() } };
  use(about, markOf(about));
}

async function fetched(address, conversation) {
  const answer = await fetch(`${address}?${new URLSearchParams({ conversation })}`, { redirect: "error" });
  if (answer.status >= 500) throw new Error(answer.status);
  return answer.ok ? (await answer.json()).data : null;
}
