// The box of emoji: found by their words, reached by arrow keys, put where the text is being written.

import { insert } from "../lib/editing.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };

export default function emoji(box) {
  const shown = () => [...box.querySelectorAll(".emoji:not([hidden])")];

  function find(words) {
    const wanted = words.trim().toLocaleLowerCase();
    for (const sign of box.querySelectorAll(".emoji")) sign.hidden = !sign.title.toLocaleLowerCase().includes(wanted);
    for (const group of box.querySelectorAll("section")) group.hidden = !group.querySelector(".emoji:not([hidden])");
  }

  box.addEventListener("input", (event) => find(event.target.value));
  box.addEventListener("click", ({ target }) => {
    const sign = target.closest(".emoji");
    if (!sign) return;
    box.hidePopover();
    insert(document.querySelector(".composer").elements.content, sign.textContent);
  });
  box.addEventListener("keydown", (event) => {
    const isInField = event.target.matches("input");
    if (event.key === "Enter" && isInField) return event.preventDefault(), shown()[0]?.click();
    if (!STEPS[event.key] || (isInField && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const all = shown();
    const next = isInField ? 0 : all.indexOf(document.activeElement) + STEPS[event.key];
    (all[next] ?? box.querySelector("input")).focus();
  });
  box.addEventListener("toggle", (event) => event.newState === "open" && box.querySelector("input")?.focus());
  box.addEventListener("htmx:after:swap", () => box.querySelector("input")?.focus());
}
