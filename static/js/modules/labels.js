// A label that did not exist joins those that can be ticked, and the next one can be typed.

export default function labels(form) {
  const typed = form.elements.label;
  const pattern = form.querySelector("template");

  function tick(name) {
    const known = [...form.querySelectorAll("[name=labels]")].find((box) => box.value === name);
    if (known) known.checked = true;
    else pattern.before(made(name));
  }

  function made(name) {
    const choice = pattern.content.firstElementChild.cloneNode(true);
    choice.querySelector("input").value = name;
    choice.querySelector(".truncate").textContent = name;
    return choice;
  }

  form.addEventListener("htmx:after:swap", () => {
    const name = typed.value.trim();
    if (name) tick(name);
    typed.value = "";
  });
}
