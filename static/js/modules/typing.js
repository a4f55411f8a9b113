// Who else is writing here, and that somebody here is.

import { IDLE } from "../lib/typing.js";
import { Others } from "../lib/typing.js";
import { Typist } from "../lib/typing.js";
import { tellDesk } from "../live/telling.js";

export default function typing(line) {
  const conversation = line.closest("[data-key]");
  const form = conversation.querySelector(".composer");
  const address = form.getAttribute("action").replace(/messages$/, "typing");
  const typist = new Typist();
  const others = new Others();
  const ending = new AbortController();
  let idle = 0;

  const tell = (is, kind = form.elements.kind.value) => tellDesk(address, { typing: is, kind });
  const stop = () => {
    clearTimeout(idle);
    if (typist.stops()) tell("off");
  };
  const typed = ({ target }) => {
    if (target !== form.elements.content) return;
    if (!target.value.trim()) return stop();
    clearTimeout(idle);
    idle = setTimeout(stop, IDLE);
    if (typist.types(form.elements.kind.value, performance.now())) tell("on");
  };

  const show = () => {
    const text = others.at(performance.now()).map(({ name, kind }) => line.dataset[kind].replace("{name}", name)).join(" ");
    if (line.textContent !== text) line.textContent = text;
  };
  const isHere = (id) => id === Number(conversation.dataset.key);
  const heard = ({ type, detail }) => {
    if (!isHere(detail.conversation.id)) return;
    others.note(type.endsWith("_on"), detail.user, detail.is_private, performance.now());
    show();
  };
  const arrived = ({ detail }) => {
    if (!isHere(detail.conversation_id)) return;
    others.arrived(detail.sender);
    show();
  };

  const { signal } = ending;
  form.addEventListener("input", typed, { signal });
  form.addEventListener("focusout", stop, { signal });
  form.addEventListener("composer:sent", stop, { signal });
  document.addEventListener("cable:conversation.typing_on", heard, { signal });
  document.addEventListener("cable:conversation.typing_off", heard, { signal });
  document.addEventListener("cable:message.created", arrived, { signal });
  window.addEventListener("pagehide", stop, { signal });
  const timer = setInterval(show, 2000);
  return () => (stop(), clearInterval(timer), ending.abort());
}
