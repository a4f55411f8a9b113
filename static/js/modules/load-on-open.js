// Asks for the inside of a menu each time it opens, so that it is never out of date.

export default function loadOnOpen(menu) {
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "open") window.htmx.trigger(menu, "open", {}, false);
  });
}
