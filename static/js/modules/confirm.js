// What is deleted by its name can only be deleted once the name has been typed. The server asks again.

export default function confirm(form) {
  const answer = form.elements.namedItem("name");
  const submit = form.querySelector("[type=submit]");
  const seen = (text) => text.trim().replace(/\s+/g, " ");
  const compare = () => {
    submit.disabled = seen(answer.value) !== seen(form.dataset.name);
  };
  answer.addEventListener("input", compare);
  compare();
}
