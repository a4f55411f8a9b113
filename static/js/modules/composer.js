// The composer: keeps the draft, sends by Ctrl or Cmd and Enter, and gives the text back when sending fails.

import { read } from "../lib/drafts.js";
import { write } from "../lib/drafts.js";

const IS_MAC = /mac|iphone|ipad/i.test(navigator.platform);

export default function composer(form) {
  const { content, kind } = form.elements;
  const error = form.querySelector("[role=alert]");
  const key = form.dataset.draft;
  const reply = content.placeholder;

  function keep() {
    const draft = write(content.value, kind.value);
    if (draft) localStorage.setItem(key, draft);
    else localStorage.removeItem(key);
  }

  function show() {
    form.dataset.kind = kind.value;
    content.placeholder = kind.value === "note" ? content.dataset.note : reply;
  }

  function take() {
    if (content.value) return keep(); // typed before this script was there
    const draft = read(localStorage.getItem(key));
    if (!draft) return;
    content.value = draft.content;
    kind.value = draft.kind;
  }

  function sending(isSending) {
    content.readOnly = isSending;
    form.setAttribute("aria-busy", String(isSending));
  }

  const isOurs = (event) => event.detail.ctx?.sourceElement === form;

  /* The conversation may have been left while its message was on the way: then only the draft is left to forget. */
  const answered = (event) => {
    if (!isOurs(event) || !event.detail.ctx.response || event.detail.ctx.response.status >= 300) return;
    content.value = "";
    localStorage.removeItem(key);
    form.dispatchEvent(new CustomEvent("composer:sent", { bubbles: true }));
  };
  const ended = (event) => {
    if (!isOurs(event)) return;
    sending(false);
    if (!form.isConnected) stop();
  };
  function stop() {
    document.removeEventListener("htmx:after:request", answered);
    document.removeEventListener("htmx:finally:request", ended);
  }

  form.addEventListener("input", keep);
  form.addEventListener("change", () => (show(), keep()));
  form.addEventListener("htmx:before:request", () => (error.replaceChildren(), sending(true)));
  form.addEventListener("htmx:error", (event) => {
    event.stopPropagation(); // said here, beside the text, and not in a toast too
    form.querySelector("[role=alert]").textContent = form.dataset.failed;
  });
  content.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (!content.readOnly) form.requestSubmit();
  });
  document.addEventListener("htmx:after:request", answered);
  document.addEventListener("htmx:finally:request", ended);

  if (IS_MAC) for (const hint of form.querySelectorAll("[data-mac]")) hint.textContent = hint.dataset.mac;
  take();
  show();
  return () => content.readOnly || stop();
}
