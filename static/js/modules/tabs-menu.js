// A strip with more tabs than it has room for gets a menu of them at its end. The strip itself goes on scrolling.

const clone = (tab) => {
  const item = document.createElement("button");
  item.type = "button";
  item.className = "menu-item";
  const words = Object.assign(document.createElement("span"), { className: "truncate", textContent: tab.textContent.trim() });
  item.append(...[...tab.querySelectorAll("svg")].map((drawing) => drawing.cloneNode(true)), words);
  item.addEventListener("click", () => (item.parentNode.hidePopover(), tab.click(), tab.focus()));
  return item;
};

export default function tabsMenu(strip) {
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
  const look = () => (button.hidden = strip.scrollWidth <= strip.clientWidth);
  list.addEventListener("beforetoggle", fill);
  strip.after(button, list);
  window.htmx.process(list);
  const sizes = new ResizeObserver(look);
  for (const each of [strip, ...strip.children]) sizes.observe(each);
  look();
  return () => sizes.disconnect();
}
