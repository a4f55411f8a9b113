// Rows that are dragged into an order, by their handle. Each holds its number, so the form around them sends the order.

export default function reorder(form) {
  const now = () => [...form.querySelectorAll("[name=ids]")].map(({ value }) => value).join();
  let dragged = null;
  let order = "";

  const start = (event) => {
    dragged = event.target.closest("[data-grip]")?.closest("[data-sorted]") ?? null;
    if (!dragged) return;
    order = now();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(dragged, 0, 0);
    dragged.toggleAttribute("data-dragged", true);
  };
  const over = (event) => {
    const row = dragged && event.target.closest("[data-sorted]");
    if (!row) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    if (row !== dragged) row.parentNode.insertBefore(dragged, event.clientY < top + height / 2 ? row : row.nextSibling);
  };
  const end = () => {
    if (!dragged) return;
    dragged.removeAttribute("data-dragged");
    dragged = null;
    if (now() !== order) form.requestSubmit();
  };

  for (const grip of form.querySelectorAll("[data-grip]")) grip.hidden = false;
  form.addEventListener("dragstart", start);
  form.addEventListener("dragover", over);
  form.addEventListener("drop", (event) => event.preventDefault());
  form.addEventListener("dragend", end);
}
