// The search box of the list: shown by its button, and never with words that the list was not searched for.

export default function search(box) {
  const button = document.querySelector(`[aria-controls="${box.id}"]`);
  const field = box.querySelector("input");

  const toggle = () => {
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden) field.focus();
  };
  const swapped = () => {
    if (box.hidden) field.value = field.defaultValue;
  };
  button.addEventListener("click", toggle);
  document.addEventListener("htmx:after:swap", swapped);
  return () => document.removeEventListener("htmx:after:swap", swapped);
}
