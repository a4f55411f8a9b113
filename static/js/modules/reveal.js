// Shows a hidden value, and hides it again before a form sends it, so that browsers still know it for a password.

export default function reveal(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const drawing = button.querySelector("use");

  function set(visible) {
    field.type = visible ? "text" : "password";
    button.setAttribute("aria-pressed", String(visible));
    drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, visible ? "#eye-off" : "#eye"));
  }

  button.addEventListener("click", () => set(field.type === "password"));
  field.form?.addEventListener("submit", () => set(false));
}
