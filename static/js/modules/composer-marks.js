// The buttons for marks, and their keys. One stop for Tab; the arrow keys lead from button to button.

import { replace } from "../lib/editing.js";
import { marked } from "../lib/marks.js";

const KEYS = { b: "bold", i: "italic", e: "code", u: "link" };
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export default function composerMarks(form) {
  const area = form.elements.content;
  const tools = [...form.querySelectorAll("[data-mark]")];

  function mark(name) {
    const change = marked(area.value, area.selectionStart, area.selectionEnd, name);
    replace(area, change.from, change.to, change.text);
    area.setSelectionRange(change.start, change.end);
  }

  form.addEventListener("click", ({ target }) => {
    const tool = target.closest("[data-mark]");
    if (tool) mark(tool.dataset.mark);
  });
  form.querySelector("[role=toolbar]").addEventListener("keydown", (event) => {
    if (!STEPS[event.key]) return;
    event.preventDefault();
    const next = (tools.indexOf(document.activeElement) + STEPS[event.key] + tools.length) % tools.length;
    for (const tool of tools) tool.tabIndex = tool === tools[next] ? 0 : -1;
    tools[next].focus();
  });
  area.addEventListener("keydown", (event) => {
    const name = KEYS[event.key];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    mark(name);
  });
  for (const tool of tools.slice(1)) tool.tabIndex = -1;
}
