// Calls for attention: a notification and a sound for whoever switched them on in this browser, and, for everybody,
// how many conversations are unread, in the title and as a dot on the page's icon.

import { Unread } from "../lib/attention.js";
import { WithBots } from "../lib/attention.js";
import { counted } from "../lib/attention.js";
import { isForMe } from "../lib/attention.js";
import { waitsForMe } from "../lib/attention.js";
import { plainText } from "../lib/plain-text.js";
import { ring } from "../live/sound.js";

const isOn = (what) => localStorage.getItem(`notify:${what}`) === "on";
const openNow = () => Number(document.querySelector("#conversation > [data-key]")?.dataset.key ?? 0);

export default function notify(box) {
  const user = Number(box.dataset.user);
  const icon = document.querySelector("link[rel=icon]");
  const usual = icon.getAttribute("href");
  const rows = document.querySelectorAll("#rows [data-unread]:not(:has(.bot-mark))");
  const unread = new Unread([...rows].map((row) => Number(row.dataset.conversation)));
  const bots = new WithBots();
  const ending = new AbortController();

  /* What stands in the list as read has been read, whoever told of it. */
  function compare() {
    for (const row of document.querySelectorAll("#rows [data-conversation]:not([data-unread])")) {
      unread.note(Number(row.dataset.conversation), false);
    }
    show();
  }

  function show() {
    const title = counted(document.title, unread.count);
    if (title !== document.title) document.title = title;
    const drawing = unread.count > 0 ? usual.replace("favicon", "favicon-unread") : usual;
    if (icon.getAttribute("href") !== drawing) icon.setAttribute("href", drawing);
    for (const button of box.querySelectorAll("button")) button.setAttribute("aria-pressed", String(isOn(button.dataset.notify)));
  }

  function announce(message) {
    const name = plainText(message.sender?.name ?? "", 80) || document.title;
    const shown = new Notification(name, { body: plainText(message.content ?? "", 160), tag: `message-${message.id}` });
    shown.addEventListener("click", () => {
      window.focus();
      window.location.assign(`${box.dataset.home}/${message.conversation_id}`);
      shown.close();
    });
  }

  /* Of several pages of one browser, the first to hear it makes the sound. */
  function sound(message) {
    if (Number(localStorage.getItem("notify:heard")) >= message.id) return;
    localStorage.setItem("notify:heard", message.id);
    ring();
  }

  function call(message) {
    if (isOn("desktop") && window.Notification?.permission === "granted") announce(message);
    if (isOn("sound")) sound(message);
  }

  const came = ({ detail: message }) => {
    const isLooking = document.visibilityState === "visible" && document.hasFocus();
    if (!isForMe(message, { user, open: openNow(), isLooking })) return;
    unread.note(message.conversation_id, true);
    show();
    call(message);
  };
  const changed = ({ detail: conversation }) => {
    const isLooking = conversation.id === openNow() && document.visibilityState === "visible";
    const isCalled = waitsForMe(conversation, user) && !isLooking;
    unread.note(conversation.id, isCalled);
    show();
    if (bots.leaves(conversation) && isCalled && conversation.messages[0]) call(conversation.messages[0]);
  };
  const toggled = async ({ target }) => {
    const what = target.closest("[data-notify]")?.dataset.notify;
    if (!what) return;
    const isWanted = !isOn(what);
    const isRefused = what === "desktop" && isWanted && (await window.Notification?.requestPermission()) !== "granted";
    if (isRefused) document.dispatchEvent(new CustomEvent("toast", { detail: { message: box.dataset.refused, kind: "warn" } }));
    else localStorage.setItem(`notify:${what}`, isWanted ? "on" : "off");
    if (what === "sound" && isWanted) ring();
    show();
  };

  const { signal } = ending;
  const CHANGES = ["conversation.created", "conversation.updated", "conversation.read", "conversation.status_changed", "assignee.changed"];
  for (const name of CHANGES) document.addEventListener(`cable:${name}`, changed, { signal });
  document.addEventListener("cable:message.created", came, { signal });
  document.addEventListener("htmx:after:swap", () => setTimeout(compare), { signal }); // rows are put in place after it, and the title set
  box.addEventListener("click", toggled, { signal });
  box.hidden = false;
  show();
  return () => ending.abort();
}
