// A label that did not exist joins the list of those that do, and the next one can be typed.

export default function labels(form) {
  form.addEventListener("htmx:after:swap", () => {
    if (form.elements.label.value) window.htmx.trigger(form.closest("[popover]"), "open", {}, false);
  });
}
