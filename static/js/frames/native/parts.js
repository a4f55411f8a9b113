/* What the desk shows on behalf of apps: fetched once, when the first of them says hello. */

import { addressOf } from "../page.js";

/* A Map from the name of a part to a function that makes one; `texts` gets the sentences that come with them. */
export async function loadParts(texts) {
  const answer = await fetch(addressOf("parts"), { redirect: "error" });
  if (!answer.ok) throw new Error(`the parts: ${answer.status}`);
  const box = document.createElement("div");
  box.innerHTML = await answer.text();
  Object.assign(texts, JSON.parse(box.querySelector("[data-texts]").dataset.texts));
  const templates = [...box.querySelectorAll("template[data-part]")];
  return new Map(templates.map(({ dataset, content }) => [dataset.part, () => content.firstElementChild.cloneNode(true)]));
}

/* Over the page, until one of its own buttons, Escape or `close` ends it. */
export function open(dialog) {
  dialog.addEventListener("click", ({ target }) => {
    const button = target.closest("button[value]");
    if (button?.closest("dialog") === dialog && !button.closest(".app-frame")) dialog.close(button.value);
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", done, { once: true }));
}

export const within = (part, name) => part.querySelector(`[data-part="${name}"]`);
