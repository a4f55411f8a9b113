/* The menu of all tabs of a strip, for when it has not enough room for them. */

const clone = (tab) => {
  const item = document.createElement("button");
  item.type = "button";
  item.className = "menu-item";
  const words = Object.assign(document.createElement("span"), { className: "truncate", textContent: tab.textContent.trim() });
  item.append(...[...tab.querySelectorAll("svg")].map((drawing) => drawing.cloneNode(true)), words);
  item.addEventListener("click", () => (item.parentNode.hidePopover(), tab.click(), tab.focus()));
  return item;
};

/* Gives the button that opens it. */
export function addList(strip) {
  const id = `tabs-of-${strip.dataset.remember ?? "main"}`;
  const list = Object.assign(document.createElement("div"), { className: "menu", id, popover: "auto" });
  list.dataset.module = "menu";
  list.dataset.align = "end";
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button tabs-more", title: strip.dataset.more });
  Object.assign(button.dataset, { kind: "ghost", iconOnly: "" });
  button.setAttribute("popovertarget", id);
  button.setAttribute("aria-haspopup", "true");
  const drawing = strip.querySelector(".icon").cloneNode(true);
  const use = drawing.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#chevron-down"));
  button.append(drawing);

  /* Made anew each time: tabs come and go with the conversation. */
  const fill = ({ newState }) => {
    if (newState !== "open") return;
    const tabs = [...strip.querySelectorAll("[role=tab]")].filter((tab) => !tab.hidden);
    list.replaceChildren(...tabs.map(clone));
  };
  list.addEventListener("beforetoggle", fill);
  strip.after(button, list);
  window.htmx.process(list);
  return button;
}
