/* The context as one app may have it. Most may have all that stands in the page; for the others the server cuts it. */

import { markOf } from "../lib/bridge.js";
import { mayHear } from "../lib/shelf.js";
import { theme } from "./page.js";

/* Calls `use(about, mark)`: at once where the page knows, later where the server is asked, and not at all if the agent
   has gone on meanwhile or the server says no. */
export function withContext(frame, conversation, use) {
  if (frame.app.context_url) ask(frame, conversation, use).catch(() => {});
  else {
    if (conversation.key && mayHear(frame, conversation.key)) disclose(frame.app.id, conversation.key);
    use(conversation.about, conversation.mark);
  }
}

/* What the page hands out by itself, the desk's ledger hears of. */
function disclose(app, key) {
  import("./disclosing.js").then(({ tellDesk }) => tellDesk(app, key)).catch(() => {});
}

let era = 0;

/* What apps may see has been changed: nothing that was asked before counts any more. */
export function forgetContexts() {
  era += 1;
}

/* The server is asked once for each state of the page: what stands in it, and the last message, which may be a note. */
async function ask(frame, conversation, use) {
  const { key, mark } = conversation;
  const version = [era, mark, document.getElementById(`end-${key}`)?.value].join();
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
