// What holds the panes together: the side as a drawer, one pane at a time on a phone, and what every request says.

const ONE_PANE = window.matchMedia("(max-width: 45rem)");

export default function workspace(desk) {
  const side = desk.querySelector("#side");
  const conversation = desk.querySelector("#conversation");

  function draw(isOpen) {
    side.toggleAttribute("data-open", isOpen);
    desk.querySelector("[data-side-open]")?.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) side.focus({ preventScroll: true });
    else desk.querySelector("[data-side-open]")?.focus();
  }

  const click = ({ target }) => {
    const button = target.closest("button");
    if (button?.matches("[data-side-open]")) draw(!side.hasAttribute("data-open"));
    if (button?.matches("[data-side-close]")) draw(false);
  };
  const key = (event) => {
    if (event.key === "Escape" && side.hasAttribute("data-open") && side.contains(event.target)) draw(false);
  };

  /* The server answers with a whole page when the apps that this one was loaded with are no longer the account's. */
  const config = ({ detail: { ctx } }) => {
    ctx.request.headers["X-Apps"] = document.getElementById("apps").dataset.mark;
  };
  const swapped = ({ detail: { ctx } }) => {
    if (ctx.target === conversation) arrive(ctx.title);
    else leave(ctx);
  };

  /* Somebody who cannot see that the conversation is another one is told; where the list has gone, focus follows. */
  function arrive(title) {
    document.getElementById("list-says").textContent = title;
    if (ONE_PANE.matches) (conversation.querySelector(".conversation") ? conversation : rowOf())?.focus();
  }
  const rowOf = () => desk.querySelector("#rows [data-conversation]");

  function leave({ sourceElement, response }) {
    if (response?.status >= 300 || !sourceElement?.matches("form")) return;
    if (!sourceElement.hasAttribute("data-stays")) sourceElement.closest("[popover]")?.hidePopover();
    sourceElement.closest("dialog")?.close();
  }

  desk.addEventListener("click", click);
  desk.addEventListener("keydown", key);
  document.addEventListener("htmx:config:request", config);
  document.addEventListener("htmx:after:swap", swapped);
  return () => {
    document.removeEventListener("htmx:config:request", config);
    document.removeEventListener("htmx:after:swap", swapped);
  };
}
