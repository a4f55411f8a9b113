/* The apps of a page for as long as it is open: they may be taken away, changed, or be closed to what is open now. The
   page hears that something has changed and asks what. */

import { forgetContexts } from "./projected.js";
import { makePace } from "../lib/pace.js";
import { readApps } from "./page.js";

const AGAIN = 2000; // after a failure

export function keepListed(reread) {
  const ending = new AbortController();
  const { signal } = ending;
  const pace = makePace(1000);
  const page = document.querySelector("[data-app-page]"); // of one app, with which it goes
  let last = seen();
  let number = 0;
  let timer = 0;

  async function ask() {
    const conversation = open();
    const desk = document.querySelector("#conversation") ?? page;
    if (!desk || !document.querySelector("[data-app-slot]")) return;
    const mine = (number += 1);
    const account = document.querySelector("[data-account]").dataset.account;
    const answer = await fetch(`/accounts/${account}/apps?${new URLSearchParams({ conversation })}`, { redirect: "error", signal }).catch(() => null);
    const apps = answer?.ok ? await answer.json().catch(() => null) : [];
    if (signal.aborted || mine !== number || conversation !== open()) return;
    if (!answer || answer.status >= 500 || !apps) timer = setTimeout(ask, AGAIN);
    else list(apps);
  }

  /* An answer that says no: whoever asks may not see the conversation any more, so nothing of it goes to any app. */
  function list(apps) {
    const isThere = ({ id, places, closed }) => id === Number(page.dataset.appPage) && places.includes("page") && !closed;
    if (page && !apps.some(isThere)) return window.location.reload();
    document.getElementById("apps").textContent = JSON.stringify(apps);
    mark();
    forgetContexts();
    reread();
  }

  function soon() {
    const wait = pace.ask(performance.now());
    if (wait === 0) ask();
    if (wait > 0) timer = setTimeout(() => (pace.answered(performance.now()), ask()), wait);
  }

  /* Another conversation brings its own list with it; a change of this one may open or close apps. */
  function swapped() {
    const now = seen();
    const isChanged = now.conversation === last.conversation && now.context !== last.context;
    last = now;
    mark();
    if (isChanged && readApps().some((app) => app.context_url)) soon();
  }

  mark();
  document.addEventListener("htmx:after:swap", swapped, { signal });
  document.addEventListener("cable:apps.changed", soon, { signal });
  document.addEventListener("live:again", ({ detail }) => detail.isFirst || soon(), { signal });
  return { stop: () => (clearTimeout(timer), ending.abort()) };
}

const open = () => document.querySelector("#conversation > [data-key]")?.dataset.key ?? "";
const seen = () => ({ conversation: open(), context: document.getElementById("app-context")?.textContent });

/* No tab for what is closed here, and neither tab nor place for what is gone. */
function mark() {
  if (!document.querySelector("#conversation")) return;
  const apps = new Map(readApps().map((app) => [app.id, app]));
  for (const tab of document.querySelectorAll("[data-app-tab]")) {
    const app = apps.get(Number(tab.dataset.appTab));
    const strip = tab.closest("[role=tablist]");
    if (app) tab.hidden = Boolean(app.closed);
    else [document.getElementById(tab.getAttribute("aria-controls")), tab].forEach((each) => each?.remove());
    strip.dispatchEvent(new CustomEvent("tabs:changed"));
  }
}
