/* What the host reads in the page: the apps, the context of the open conversation, the theme. */

import { unpacked } from "../lib/context.js";

const DARK = window.matchMedia("(prefers-color-scheme: dark)");

export function readApps() {
  return read("apps") ?? [];
}

/* Without a block no conversation is open: the agent stays the same person, the rest is empty. */
export function readContext(last) {
  const block = document.getElementById("app-context");
  if (block) return unpacked(block.textContent);
  const { currentAgent, customAttributes } = last?.data ?? {};
  return { key: "", data: { currentAgent, customAttributes } };
}

export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return DARK.matches ? "dark" : "light";
}

export function onThemeChange(tell) {
  DARK.addEventListener("change", tell);
  const chosen = new MutationObserver(tell);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    DARK.removeEventListener("change", tell);
    chosen.disconnect();
  };
}

/* Where the server answers about apps. */
export function addressOf(...steps) {
  const [account = ""] = window.location.pathname.match(/^.*?\/accounts\/\d+/) ?? [];
  return [account, "apps", ...steps].join("/");
}

function read(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : null;
}
