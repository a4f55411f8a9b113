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

async function ask(frame, conversation, use) {
  const { key } = conversation;
  const { app } = frame;
  const question = (frame.question = {}); // only the newest answer counts
  const answer = await fetch(`${app.context_url}?${new URLSearchParams({ conversation: key })}`, { redirect: "error" });
  if (!answer.ok) return;
  const { data } = await answer.json();
  const about = { key, data: { ...data, theme: theme() } };
  if (conversation.key === key && frame.question === question) use(about, markOf(about));
}
