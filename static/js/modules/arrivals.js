// What arrives in the thread: nothing twice, no jump, seen where somebody looks, and a button where one reads above.

import { tellDesk } from "../live/telling.js";

const NEAR = 40; // pixels from the end that still count as being there

export default function arrivals(thread) {
  const conversation = thread.closest("[data-key]");
  const button = conversation.querySelector("[data-newer]");
  const ending = new AbortController();
  const isAtEnd = () => thread.scrollTop > -NEAR;
  let held = null; // the message that must not move, and where it stands
  let isUnseen = false;
  let lastHeard = 0;

  function dropKnown(fragment) {
    for (const entry of fragment.querySelectorAll("[id]")) {
      if (!document.getElementById(entry.id)) continue;
      if (entry.previousElementSibling?.matches(".day")) entry.previousElementSibling.remove();
      entry.remove();
    }
  }

  function hold() {
    if (isAtEnd()) return null;
    const { top } = thread.getBoundingClientRect();
    const entry = [...thread.querySelectorAll(".message")].find((each) => each.getBoundingClientRect().bottom > top);
    return entry && { entry, at: entry.getBoundingClientRect().top };
  }

  const before = ({ detail: { tasks } }) => {
    const log = tasks.find(({ target }) => target?.matches?.(".log") && thread.contains(target));
    for (const { target, fragment } of tasks) {
      if (target?.matches?.(".message[data-follows]")) fragment.firstElementChild?.setAttribute("data-follows", "");
    }
    if (!log) return;
    dropKnown(log.fragment);
    const last = [...log.fragment.querySelectorAll("[data-kind=incoming]")].at(-1);
    if (last) arrived(Number(last.id.slice("message-".length)));
    held = hold();
    if (held && log.fragment.querySelector(".message")) button.hidden = false;
  };
  const after = () => {
    if (held?.entry.isConnected) thread.scrollTop += held.entry.getBoundingClientRect().top - held.at;
    held = null;
  };
  const look = () => {
    if (!isUnseen || document.visibilityState !== "visible") return;
    isUnseen = false;
    tellDesk(thread.dataset.messages.replace(/messages$/, "looked"));
  };
  function arrived(id) {
    if (id <= lastHeard) return;
    lastHeard = id;
    isUnseen = true;
    look();
  }
  const heard = ({ detail }) => {
    if (detail.conversation_id === Number(conversation.dataset.key) && detail.message_type === 0) arrived(detail.id);
  };

  const { signal } = ending;
  document.addEventListener("htmx:before:swap", before, { signal });
  document.addEventListener("htmx:after:swap", after, { signal });
  document.addEventListener("visibilitychange", look, { signal });
  document.addEventListener("cable:message.created", heard, { signal });
  thread.addEventListener("scroll", () => (button.hidden ||= isAtEnd()), { signal, passive: true });
  button.addEventListener("click", () => thread.scrollTo({ top: 0, behavior: "smooth" }), { signal });
  return () => ending.abort();
}
