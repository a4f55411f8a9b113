// Puts a field's value, or a block's text, on the clipboard. Over plain http only the old way works.

async function write(source) {
  const text = source.value ?? source.textContent;
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

export default function copy(button) {
  const drawing = button.querySelector("use");
  const usual = drawing.getAttribute("href");
  button.addEventListener("click", async () => {
    await write(document.getElementById(button.getAttribute("aria-controls")));
    button.focus();
    drawing.setAttribute("href", usual.replace("#copy", "#check"));
    setTimeout(() => drawing.setAttribute("href", usual), 2000);
    document.dispatchEvent(new CustomEvent("toast", { detail: { message: button.dataset.copied, kind: "good" } }));
  });
}
