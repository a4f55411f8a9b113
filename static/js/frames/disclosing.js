/* Tells the desk to whom the page has handed the context that it has: once for each app and conversation. */

import { addressOf } from "./page.js";
import { csrfHeaders } from "./learning.js";

const told = new Set();

export function tellDesk(app, key) {
  const mark = `${app} ${key}`;
  if (told.has(mark)) return;
  told.add(mark);
  const body = new URLSearchParams({ conversation: key });
  const order = { method: "POST", headers: csrfHeaders(), body, keepalive: true };
  fetch(addressOf(app, "disclosures"), order).catch(() => told.delete(mark));
}
