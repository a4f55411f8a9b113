// The one dialog: opens when htmx has put something into it, is emptied when it closes.

export default function dialog(box) {
  const open = () => {
    if (box.childElementCount > 0 && !box.open) box.showModal();
  };
  box.addEventListener("htmx:after:settle", open);
  box.addEventListener("click", (event) => {
    if (!event.target.closest("[data-dialog-close]")) return;
    event.preventDefault();
    box.close();
  });
  box.addEventListener("close", () => box.replaceChildren());
  open(); // somebody may have been quicker than this script
}
