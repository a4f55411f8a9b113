/* Asks the desk which apps this page has now: once a second at most, and again where it does not answer. */

import { forgetContexts } from "./projected.js";
import { makePace } from "../lib/bridge.js";
import { open } from "./page.js";

const AGAIN = 2000; // after a failure
const pace = makePace(1000);
let number = 0;

export function askSoon(about) {
  pace.ask(() => ask(about));
}

/* An answer that says no: whoever asks may not see the conversation any more, so nothing of it goes to any app. */
async function ask({ signal, list }) {
  const conversation = open();
  const page = document.querySelector("[data-app-page]"); // of one app, with which it goes
  const desk = document.querySelector("#conversation") ?? page;
  if (signal.aborted || !desk || !document.querySelector("[data-app-slot]")) return;
  const mine = (number += 1);
  const account = document.querySelector("[data-account]").dataset.account;
  const answer = await fetch(`/accounts/${account}/apps?${new URLSearchParams({ conversation })}`, { redirect: "error", signal }).catch(() => null);
  const apps = answer?.ok ? await answer.json().catch(() => null) : [];
  if (signal.aborted || mine !== number || conversation !== open()) return;
  if (!answer || answer.status >= 500 || !apps) return void setTimeout(ask, AGAIN, { signal, list });
  if (page && !apps.some((app) => isFor(page, app))) return window.location.reload();
  forgetContexts();
  list(apps);
  document.dispatchEvent(new CustomEvent("apps:listed"));
}

function isFor({ dataset }, { id, places, closed }) {
  return id === Number(dataset.appPage) && places.includes("page") && !closed;
}
