/* A button in the head of each app's frame that opens the inspector: for whom the server says so, and for which apps. */

export function offer(element, shelf) {
  const numbers = new Set(element.dataset.inspects.split(" "));
  const mayInspect = ({ app }) => numbers.has("all") || numbers.has(String(app.id));
  const add = () => {
    for (const frame of shelf.frames()) {
      if (!frame.part("inspect") && mayInspect(frame)) frame.part("reload").before(buttonFor(frame, element.dataset.inspect, shelf));
    }
  };
  new MutationObserver(add).observe(element, { childList: true, subtree: true });
  add();
}

function buttonFor(frame, text, shelf) {
  const button = frame.part("reload").cloneNode(true);
  const drawing = button.querySelector("use");
  drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, "#terminal"));
  button.querySelector(".visually-hidden").textContent = text;
  Object.assign(button.dataset, { part: "inspect" });
  button.title = text;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => import("./inspect/drawer.js").then(({ toggle }) => toggle(frame.app, { button, shelf })));
  return button;
}
