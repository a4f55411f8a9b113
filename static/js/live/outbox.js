/* Sends what conversations have to send, one after the other, also when the agent has moved on to another one. */

import { Outbox } from "../lib/outbox.js";

const PATIENCE = 30_000;
const NOTHING_NEW = "9".repeat(18); // after this message there is none
const boxes = new Map();

/* The outbox of the conversation that a composer stands in. */
export function outboxOf(form) {
  const key = form.dataset.draft.replace("draft:", "draft:unsent:");
  if (!boxes.has(key)) boxes.set(key, Object.assign(new Outbox(localStorage, key), { form: null, isSending: false }));
  const box = boxes.get(key);
  box.form = form;
  box.address = form.getAttribute("action");
  box.token = form.elements.csrf_token.value;
  box.end = form.closest("[data-key]").dataset.key;
  return box;
}

/* The names of what the page still waits for. */
export function unanswered() {
  return [...boxes.values()].flatMap(({ items }) => items.map(({ name }) => name));
}

export async function sendAll(box) {
  if (box.isSending) return;
  box.isSending = true;
  for (let item = box.next(); item; item = box.next()) {
    await settle(box, item);
    tell(box);
  }
  box.isSending = false;
}

function tell(box) {
  document.dispatchEvent(new CustomEvent("outbox:changed", { detail: box }));
}

async function settle(box, item) {
  const response = await post(box, item).catch(() => null);
  const text = await response?.text().catch(() => null);
  const elsewhere = response?.headers.get("HX-Redirect");
  if (elsewhere) {
    if (!giveBack(box, item)) box.fail();
    window.location.href = elsewhere;
  } else if (response?.ok && text !== null) {
    await window.htmx.swap({ text, swap: "none", sourceElement: document.body, target: document.body });
    box.drop(item.name);
  } else if (response?.status === 422) {
    const why = new DOMParser().parseFromString(text ?? "", "text/html").body.textContent.trim();
    if (!giveBack(box, item, why)) box.refuse(item.name, why);
  } else {
    box.fail();
  }
}

/* Back to where it was written, if nothing else has been written there since. */
function giveBack(box, item, why = "") {
  const { content, kind, ...more } = Object.fromEntries(item.fields);
  const field = box.form.elements.content;
  if (!box.form.isConnected || field.value || Object.values(more).some(Boolean)) return false;
  field.value = content;
  box.form.elements.kind.value = kind;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  box.form.dispatchEvent(new Event("change"));
  box.form.querySelector("[role=alert]").textContent = why;
  return box.drop(item.name);
}

function post(box, item) {
  const body = new FormData();
  for (const [name, value] of item.fields) body.append(name, value);
  body.set("echo_id", item.name);
  body.set("csrf_token", box.token);
  body.set("after", document.getElementById(`end-${box.end}`)?.value ?? NOTHING_NEW);
  const headers = { "HX-Request": "true", "HX-Current-URL": window.location.href };
  return fetch(box.address, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
}

/* What the desk names has been posted, whichever answer says so. */
document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  const names = tasks.flatMap(({ fragment }) => [...fragment.querySelectorAll("[data-echo]")]).map(({ dataset }) => dataset.echo);
  for (const box of boxes.values()) if (names.filter((name) => box.drop(name)).length > 0) tell(box);
});

function again() {
  for (const box of boxes.values()) {
    box.retry();
    sendAll(box);
    tell(box);
  }
}
document.addEventListener("live:again", again);
window.addEventListener("online", again);
window.addEventListener("storage", ({ key }) => {
  const box = boxes.get(key);
  if (box) box.reread(), tell(box);
});
