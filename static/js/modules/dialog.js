// The one dialog: opens when htmx has put something into it, is emptied when it closes.

export default function dialog(box) {
  box.addEventListener("htmx:after:settle", () => {
    if (box.childElementCount > 0 && !box.open) box.showModal();
  });
  box.addEventListener("click", (event) => {
    if (!event.target.closest("[data-dialog-close]")) return;
    event.preventDefault();
    box.close();
  });
  box.addEventListener("close", () => box.replaceChildren());
}
