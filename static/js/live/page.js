/* What stands on the page just now, as the server needs to know it. */

import { shownRows } from "./rows.js";
import { unanswered } from "./outbox.js";

export function readPage() {
  const open = document.querySelector("#conversation > [data-key]");
  const about = document.getElementById("app-context")?.textContent ?? "{}";
  const messages = document.querySelectorAll("#conversation .message[id]");
  return {
    open: open && Number(open.dataset.key),
    after: document.querySelector("#conversation [name=after]")?.value ?? "0",
    contact: JSON.parse(about).data?.contact?.id,
    messages: [...messages].map(({ id }) => id.slice("message-".length)),
    shown: shownRows(),
    sent: unanswered(),
  };
}
