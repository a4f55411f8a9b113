/* The score card of a hostile app: what it says of itself, from its own window at its pinned origin, and as text alone. */

import { readScore } from "../lib/score.js";

export default function score(element) {
  const hear = (event) => {
    const frame = document.querySelector("#frame-shelf iframe");
    if (!frame || event.source !== frame.contentWindow || event.origin !== element.dataset.origin) return;
    const card = readScore(event.data);
    if (card) show(element, card);
  };
  window.addEventListener("message", hear);
  return () => window.removeEventListener("message", hear);
}

function show(element, { tried, through }) {
  const { none, some } = element.dataset;
  const counts = { tried, through: through.length };
  const words = (through.length ? some : none).replace(/\{(\w+)\}/g, (_, name) => counts[name]);
  element.dataset.score = through.length;
  element.querySelector("p").hidden = false;
  element.querySelector("[data-part=say]").textContent = words;
  element.querySelector("ul").replaceChildren(...through.map(line));
}

function line(name) {
  return Object.assign(document.createElement("li"), { textContent: name });
}
