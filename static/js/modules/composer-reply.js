// The message that is being answered: shown above the text, sent with it, put away by its button or by Escape.

export default function composerReply(form) {
  const box = form.querySelector(".answering");
  const [name, gist] = box.querySelectorAll("strong, .quoted > span");
  const field = form.elements.in_reply_to;

  function forget() {
    field.value = "";
    box.hidden = true;
  }

  const chosen = ({ detail }) => {
    field.value = detail.id;
    name.textContent = detail.name;
    gist.textContent = detail.text;
    box.hidden = false;
    form.elements.content.focus();
  };
  const conversation = form.closest(".conversation");
  conversation.addEventListener("message:reply", chosen);
  box.querySelector("button").addEventListener("click", () => (forget(), form.elements.content.focus()));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.value && !event.defaultPrevented) forget();
  });
  form.addEventListener("composer:sent", forget);
}
