/* What the page tells the desk about apps. Niceties: what fails is told the next time. */

import { addressOf } from "./page.js";
import { askDesk } from "./page.js";
import { csrfHeaders } from "./page.js";

const told = new Set();

/* What an "automatic" app has shown to be, for the next time that it is opened. */
export function remember({ learn_url: address }, format) {
  if (address) post(address, { format });
}

/* Where an app tried to go, for its administrator. */
export function reportLeaving({ id }, origin) {
  post(addressOf(id, "violations"), { origin });
}

/* To whom the page has handed the context that it has: once for each app and conversation. */
export function disclose({ id }, key) {
  const mark = `${id} ${key}`;
  if (told.has(mark)) return;
  told.add(mark);
  post(addressOf(id, "disclosures"), { conversation: key }).catch(() => told.delete(mark));
}

function post(address, words) {
  const answer = askDesk(address, { method: "POST", headers: csrfHeaders(), body: new URLSearchParams(words), keepalive: true });
  answer.catch(() => {});
  return answer;
}
