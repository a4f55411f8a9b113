// What is sent stands in the thread at once; what could not be sent says so, and can be tried again or thrown away.

import { outboxOf } from "../live/outbox.js";
import { sendAll } from "../live/outbox.js";

export default function outbox(list) {
  const form = list.closest(".conversation").querySelector(".composer");
  const pattern = document.getElementById("unsent").content.firstElementChild;
  const box = outboxOf(form);
  const cards = new Map();

  function card(item) {
    const made = pattern.cloneNode(true);
    const fields = Object.fromEntries(item.fields);
    made.dataset.kind = fields.kind === "note" ? "note" : "outgoing";
    made.querySelector(".bubble").textContent = fields.content || made.querySelector("[data-files]").dataset.files;
    made.querySelector("[data-retry]").addEventListener("click", () => (box.retry(item.name), draw(), sendAll(box)));
    made.querySelector("[data-discard]").addEventListener("click", () => (box.drop(item.name), draw(), form.elements.content.focus()));
    return made;
  }

  function say(made, { state, why }) {
    const words = made.querySelector("[role=status]");
    const isWaiting = state === "waiting";
    const text = why || (isWaiting ? words.dataset.sending : state === "kept" ? words.dataset.kept : words.dataset.failed);
    if (words.textContent !== text) words.textContent = text;
    made.toggleAttribute("data-failed", !isWaiting);
    for (const button of made.querySelectorAll("button")) button.hidden = isWaiting;
  }

  function draw() {
    const names = new Set(box.items.map(({ name }) => name));
    for (const [name, made] of cards) if (!names.has(name)) made.remove(), cards.delete(name);
    for (const item of box.items) {
      if (!cards.has(item.name)) cards.set(item.name, card(item)), list.append(cards.get(item.name));
      say(cards.get(item.name), item);
    }
  }

  /* In place of htmx: a form of words goes by the outbox; one with files in it goes as forms go. */
  const take = (event) => {
    const fields = [...event.detail.ctx.request.body].filter(([name]) => name !== "csrf_token" && name !== "after");
    const words = fields.filter(([name, value]) => ["content", "ticket"].includes(name) && value.trim?.());
    if (words.length === 0 || fields.some(([, value]) => value instanceof File && value.size > 0)) return;
    event.preventDefault();
    box.add(fields.filter(([, value]) => typeof value === "string"));
    form.querySelector("[role=alert]").replaceChildren();
    form.elements.content.value = "";
    form.elements.content.dispatchEvent(new Event("input", { bubbles: true })); // nothing is left to be a draft
    form.dispatchEvent(new CustomEvent("composer:sent", { bubbles: true }));
    draw();
    sendAll(box);
  };
  const changed = ({ detail }) => detail === box && draw();

  form.addEventListener("htmx:config:request", take);
  document.addEventListener("outbox:changed", changed);
  draw();
  if (box.items.length > 0) document.dispatchEvent(new CustomEvent("outbox:kept"));
  return () => {
    form.removeEventListener("htmx:config:request", take);
    document.removeEventListener("outbox:changed", changed);
  };
}
