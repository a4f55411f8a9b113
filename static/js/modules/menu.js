// Arrow keys in a menu, and a way in by the arrow key from its button. Opening and closing are the browser's.

const NEXT = {
  ArrowDown: (here, count) => (here + 1) % count,
  ArrowUp: (here, count) => (here + count - (here < 0 ? 0 : 1)) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export default function menu(list) {
  const button = document.querySelector(`[popovertarget="${list.id}"]`);
  const items = () => [...list.querySelectorAll("a[href], button:not(:disabled)")];

  list.addEventListener("toggle", (event) => {
    const byKeyboard = document.activeElement === button && button.matches(":focus-visible");
    if (event.newState === "open" && byKeyboard) items()[0]?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const next = NEXT[event.key];
    if (!next || event.target.matches("input")) return;
    event.preventDefault();
    const all = items();
    all[next(all.indexOf(document.activeElement), all.length)]?.focus();
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest(".menu-item")) list.hidePopover();
  });
  button?.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    if (list.matches(":popover-open")) items()[0]?.focus();
    else list.showPopover({ source: button });
  });
}
