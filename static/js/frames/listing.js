/* The apps of a page for as long as it is open: they may be taken away, changed, or be closed to what is open now. */

import { readApps } from "./page.js";

export function keepListed(reread, signal) {
  let last = seen();
  const soon = () => import("./relisting.js").then(({ askSoon }) => askSoon({ signal, list }));

  function list(apps) {
    document.getElementById("apps").textContent = JSON.stringify(apps);
    mark();
    reread();
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
}

export const open = () => document.querySelector("#conversation > [data-key]")?.dataset.key ?? "";
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
