// The thread hangs from its end by itself; what one has just written is brought into sight, and what an address or a
// quote leads to. Each message gets a button; the menu behind it is the page's, and one for all.

import { copyText } from "../lib/clipboard.js";

const BARE = ".message[id]:not([data-deleted]) > .message-meta:not(:has(.message-more))";

export default function thread(region) {
  const conversation = region.closest(".conversation");
  const menu = document.getElementById("message-menu");
  let whose = ""; // the id of the message that the menu was opened for, and the spot: it may be drawn anew meanwhile
  let spot = null;

  function equip() {
    for (const line of region.querySelectorAll(BARE)) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "message-more", textContent: "⋯" });
      button.setAttribute("aria-haspopup", "true");
      button.setAttribute("aria-label", region.dataset.more);
      line.prepend(button);
    }
  }

  function show(found) {
    found.scrollIntoView({ block: "center" });
    found.tabIndex = -1;
    found.focus({ preventScroll: true });
    found.toggleAttribute("data-found", true);
    setTimeout(() => found.removeAttribute("data-found"), 3000);
  }

  const DOING = {
    reply: ({ detail }) => conversation.dispatchEvent(new CustomEvent("message:reply", { detail })),
    link: async ({ detail: { id } }) => {
      await copyText(`${new URL(region.dataset.messages.replace(/\/messages$/, ""), window.location)}?message=${id}#message-${id}`);
      document.dispatchEvent(new CustomEvent("toast", { detail: { message: region.dataset.copied, kind: "good" } }));
    },
    remove: ({ detail: { id } }) => window.htmx.ajax("GET", `${region.dataset.messages}/${id}/deletion`, { source: region, target: "#dialog" }),
  };

  function told(message) {
    const words = message.querySelector(".bubble").cloneNode(true);
    for (const other of words.querySelectorAll(".quoted, .note-label, .rich")) other.remove();
    const files = [...words.querySelectorAll("img, .file .truncate")].map((file) => file.alt ?? file.textContent);
    for (const file of words.querySelectorAll(".files")) file.remove();
    const text = words.textContent.trim() || files.join(", ");
    return { id: message.id.replace("message-", ""), name: message.getAttribute("aria-label"), text };
  }

  async function enlarge(picture) {
    const lightbox = await import("../live/lightbox.js");
    await lightbox.enlarge(picture, region, region.dataset.messages.replace(/\d+\/messages$/, "lightbox"));
  }

  const clicked = (event) => {
    const more = event.target.closest(".message-more");
    const picture = event.target.closest("a.picture");
    if (picture && !(event.ctrlKey || event.metaKey || event.shiftKey)) event.preventDefault(), enlarge(picture);
    const jump = event.target.closest("[data-jump]");
    const found = jump && document.getElementById(`message-${jump.dataset.jump}`);
    if (found) event.preventDefault(), show(found);
    if (!more) return;
    whose = more.closest(".message").id;
    spot = more.getBoundingClientRect();
    menu.showPopover({ source: more });
  };
  const opened = () => {
    if (!spot || !menu.matches(":popover-open")) return;
    const top = spot.bottom + menu.offsetHeight > window.innerHeight ? spot.top - menu.offsetHeight : spot.bottom;
    menu.style.top = `${Math.max(top, 0)}px`;
    menu.style.left = `${Math.max(Math.min(spot.left, window.innerWidth - menu.offsetWidth), 0)}px`;
    menu.querySelector("button")?.focus();
  };
  const chosen = ({ target }) => {
    const message = document.getElementById(whose);
    if (region.contains(message)) DOING[target.closest("[data-do]")?.dataset.do]?.({ detail: told(message) });
  };
  conversation.addEventListener("composer:sent", () => region.scrollTo({ top: 0 }));
  region.addEventListener("click", clicked);
  const listening = { toggle: opened, "htmx:after:swap": opened, click: chosen };
  for (const [name, listen] of Object.entries(listening)) menu.addEventListener(name, listen);
  const watch = new MutationObserver(equip);
  watch.observe(region, { childList: true, subtree: true });
  equip();

  const wanted = region.dataset.wanted && document.getElementById(`message-${region.dataset.wanted}`);
  if (wanted) show(wanted);
  return () => {
    watch.disconnect();
    for (const [name, listen] of Object.entries(listening)) menu.removeEventListener(name, listen);
  };
}
