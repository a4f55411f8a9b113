// What is deleted by its name can only be deleted once the name has been typed. The server asks again.

export default function confirm(form) {
  const answer = form.elements.namedItem("name");
  const submit = form.querySelector("[type=submit]");
  const compare = () => {
    submit.disabled = answer.value.trim() !== form.dataset.name.trim();
  };
  answer.addEventListener("input", compare);
  compare();
}
