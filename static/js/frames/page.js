/* What the host reads in the page: the apps, the context of the open conversation, the theme. */

import { markOf } from "../lib/bridge.js";
import { mayHear } from "../lib/shelf.js";
import { unpacked } from "../lib/bridge.js";

const DARK = window.matchMedia("(prefers-color-scheme: dark)");

export function readApps() {
  return JSON.parse(document.getElementById("apps")?.textContent ?? "[]");
}

/* Without a block no conversation is open: the agent stays the same person, the rest is empty. */
export function readContext(last) {
  const block = document.getElementById("app-context");
  if (block) return unpacked(block.textContent);
  const { currentAgent, customAttributes } = last?.data ?? {};
  return { key: "", data: { currentAgent, customAttributes } };
}

/* The context of the open conversation, as the apps may hear it. */
export class Conversation {
  /* `onChange` is called when that has changed by itself: the theme. */
  constructor(onChange) {
    this.stop = onThemeChange(() => (this.read(), onChange()));
    this.read();
  }

  get key() {
    return this.about.key;
  }

  read() {
    const { key, data } = readContext(this.about);
    this.about = { key: String(key), data: { ...data, theme: theme() } };
    this.mark = markOf(this.about);
  }

  /* Calls `use(about, mark)` with what this frame may hear: at once where the page knows, which the desk is then told,
     and later where the server cuts it. A frame that is tied to another conversation must never hear of this one. */
  tell(frame, use) {
    if (!mayHear(frame, this.key)) return;
    if (frame.app.context_url) {
      import("./projected.js").then(({ askFor }) => askFor(frame, this, use)).catch(() => {});
    } else {
      use(this.about, this.mark);
      if (this.key) import("./telling.js").then(({ disclose }) => disclose(frame.app, this.key)).catch(() => {});
    }
  }
}

export function theme() {
  return document.documentElement.dataset.theme || (DARK.matches ? "dark" : "light");
}

export function onThemeChange(tell) {
  const chosen = new MutationObserver(tell);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  DARK.addEventListener("change", tell);
  return () => (chosen.disconnect(), DARK.removeEventListener("change", tell));
}

/* Where the server answers about apps. */
export function addressOf(...steps) {
  const [account = ""] = window.location.pathname.match(/^.*?\/accounts\/\d+/) ?? [];
  return [account, "apps", ...steps].join("/");
}

/* Who answers there: the server, or a page on which an app is only tried. */
let instead = null;

export const askDesk = (address, how) => (instead ?? fetch)(address, how);
export const answerInstead = (answer) => (instead = answer);

/* The same headers that htmx sends with each of its requests. */
export function csrfHeaders() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
}

/* The apps of a page for as long as it is open: they may be taken away, changed, or be closed to what is open now. */
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
