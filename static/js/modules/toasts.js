// What just happened, for a few seconds: flashed by the server, told by a "toast" event, or a request that failed.

const SECONDS = { bad: 12, warn: 9 };

export default function toasts(region) {
  const pattern = document.getElementById("toast");
  region.popover = "manual"; // above an open dialog

  function show({ message, title = "", kind = "info" }) {
    const toast = pattern.content.firstElementChild.cloneNode(true);
    const [place] = toast.getElementsByTagName("div");
    if (title) place.append(Object.assign(document.createElement("strong"), { textContent: title }));
    place.append(message);
    toast.dataset.kind = kind;
    region.append(toast);
  }

  function keep(toast) {
    let timer = 0;
    const leave = () => toast.remove();
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(leave, 1000 * (SECONDS[toast.dataset.kind] ?? 6));
    };
    const stay = () => clearTimeout(timer);
    for (const [event, act] of Object.entries({ pointerenter: stay, focusin: stay, pointerleave: wait, focusout: wait })) {
      toast.addEventListener(event, act);
    }
    toast.querySelector("[data-toast-close]").addEventListener("click", leave);
    wait();
  }

  const arrivals = new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast"));
    added.forEach(keep);
    if (region.matches(":popover-open") && (added.length > 0 || region.childElementCount === 0)) region.hidePopover();
    if (region.childElementCount > 0 && !region.matches(":popover-open")) region.showPopover();
  });
  arrivals.observe(region, { childList: true });
  region.replaceChildren(...region.querySelectorAll(".toast")); // put in once more, so that they are read out

  const told = (event) => show(event.detail);
  const failed = (event) => {
    const { hx, response } = event.detail.ctx;
    if (hx?.redirect || response?.status === 422) return;
    show({ message: response ? region.dataset.failed : region.dataset.unreachable, kind: "bad" });
  };
  const events = { toast: told, "htmx:response:error": failed, "htmx:error": failed };
  for (const [name, act] of Object.entries(events)) document.addEventListener(name, act);
  return () => {
    arrivals.disconnect();
    for (const [name, act] of Object.entries(events)) document.removeEventListener(name, act);
  };
}
