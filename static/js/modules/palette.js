// The command palette, by Ctrl or ⌘ and K: a field that keeps the focus, and a list that the arrow keys go through.

import { fits } from "../lib/palette.js";
import { press } from "./shortcuts.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export default function palette(box) {
  const field = box.querySelector("[role=combobox]");
  const [commands, found] = box.querySelectorAll("[role=listbox] > div");
  const said = box.querySelector("[role=status]");
  const options = () => [...box.querySelectorAll("[role=option]:not([hidden])")];

  function choose(option) {
    for (const other of box.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
    field.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  /* What has no control on this page cannot be done here. */
  const isHere = ({ dataset }) => !dataset.press || document.querySelector(dataset.press);
  function draw() {
    for (const option of commands.querySelectorAll("[role=option]")) {
      option.hidden = !isHere(option) || !fits(field.value, option.textContent);
    }
    for (const group of box.querySelectorAll("[role=group]")) group.hidden = !group.querySelector("[role=option]:not([hidden])");
    box.querySelectorAll("[role=option]").forEach((option, number) => (option.id = `palette-${number}`));
    choose(options()[0]);
    said.textContent = said.dataset.words.replace("#", options().length);
  }

  /* The pages of the settings are those of their own menu. */
  function addSettings() {
    const place = commands.querySelector("[data-settings]");
    for (const link of place?.querySelector("template").content.querySelectorAll("li > a") ?? []) {
      const option = Object.assign(link.cloneNode(true), { className: "menu-item", role: "option", tabIndex: -1 });
      option.removeAttribute("aria-current");
      place.append(option);
    }
  }

  async function open() {
    field.value = "";
    found.replaceChildren();
    box.showModal();
    const key = document.querySelector("#conversation > [data-key]")?.dataset.key ?? "";
    await window.htmx.ajax("GET", `${box.dataset.src}?open=${key}`, { target: commands, swap: "innerHTML" });
    addSettings();
    draw();
  }

  function keydown(event) {
    const all = options();
    const here = all.findIndex((option) => option.ariaSelected === "true");
    if (STEPS[event.key]) choose(all[(here + STEPS[event.key] + all.length) % all.length]);
    else if (event.key === "Enter") all[here]?.click();
    else return;
    event.preventDefault();
  }

  const click = ({ target }) => {
    const option = target.closest("[role=option]");
    if (!option) return;
    box.close();
    if (option.dataset.press) press(document.querySelector(option.dataset.press));
  };
  const called = (event) => {
    const isMeant = event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.defaultPrevented;
    if (!isMeant || document.querySelector("dialog[open]:not(#palette)")) return;
    event.preventDefault();
    if (box.open) box.close();
    else open();
  };

  field.addEventListener("input", draw);
  field.addEventListener("keydown", keydown);
  box.addEventListener("htmx:after:swap", draw);
  box.addEventListener("click", click);
  document.addEventListener("keydown", called);
  return () => document.removeEventListener("keydown", called);
}
