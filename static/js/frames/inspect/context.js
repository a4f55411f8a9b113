/* The open conversation as a tree, with the scope that lets each part through: the server draws it, when it is looked at. */

import { addressOf } from "../page.js";
import { askDesk } from "../page.js";
import { readContext } from "../page.js";

let number = 0;

export async function showContext(app, pane, signal) {
  const mine = (number += 1);
  pane.setAttribute("aria-busy", "true");
  const address = `${addressOf(app, "inspector", "context")}?${new URLSearchParams({ conversation: readContext().key })}`;
  const answer = await askDesk(address, { redirect: "error", signal }).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => "") : "";
  if (signal.aborted || mine !== number) return;
  if (html) pane.innerHTML = html;
  else pane.textContent = pane.dataset.failed;
  pane.removeAttribute("aria-busy");
}
