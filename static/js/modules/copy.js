// Puts a field's value, or a block's text, on the clipboard.

import { copyText } from "../lib/clipboard.js";

export default function copy(button) {
  const drawing = button.querySelector("use");
  const usual = drawing.getAttribute("href");
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.getAttribute("aria-controls"));
    await copyText(source.value ?? source.textContent);
    button.focus();
    drawing.setAttribute("href", usual.replace("#copy", "#check"));
    setTimeout(() => drawing.setAttribute("href", usual), 2000);
    document.dispatchEvent(new CustomEvent("toast", { detail: { message: button.dataset.copied, kind: "good" } }));
  });
}
