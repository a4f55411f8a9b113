// Canned responses: "/" at the beginning of a word opens the list of them, what follows narrows it, Enter puts one in.

import { replace } from "../lib/editing.js";

const WORD = /(?:^|\s)\/([^\s/]{0,40})$/;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export default function composerCanned(form) {
  const area = form.elements.content;
  const list = form.querySelector(".canned-found");
  const opener = form.querySelector("[data-canned-open]");
  let asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  const word = () => (area.selectionStart === area.selectionEnd ? WORD.exec(area.value.slice(0, area.selectionEnd)) : null);

  function close() {
    asked += 1;
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  async function look() {
    const found = word();
    if (!found) return close();
    const number = (asked += 1);
    const answer = await fetch(`${form.dataset.canned}?q=${encodeURIComponent(found[1])}`);
    if (number !== asked || !answer.ok) return;
    list.innerHTML = await answer.text(); // made by our own server, which escapes
    list.hidden = false;
    choose(options()[0]);
  }

  function put(option) {
    const end = area.selectionEnd;
    const start = end - (word()?.[1].length ?? -1) - 1;
    close();
    replace(area, start, end, option.querySelector("template").content.textContent);
  }

  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.addEventListener("input", look);
  area.addEventListener("blur", () => setTimeout(close, 150)); // a click on the list comes first
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey) return;
    const all = options();
    if (STEPS[event.key] && all.length) choose(all[(all.indexOf(chosen()) + STEPS[event.key] + all.length) % all.length]);
    else if (["Enter", "Tab"].includes(event.key) && chosen()) put(chosen());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the text keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) put(option);
  });
  opener.addEventListener("click", () => {
    const before = area.value.slice(0, area.selectionStart);
    replace(area, area.selectionStart, area.selectionEnd, /\S$/.test(before) ? " /" : "/");
  });
}
