// The chosen theme at once; the form itself tells the server.

export default function theme(form) {
  form.addEventListener("submit", ({ submitter }) => {
    const choice = submitter.value;
    const root = document.documentElement;
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    document.body.dataset.themeSetting = choice;
    for (const button of form.querySelectorAll("[name=theme]")) {
      button.setAttribute("aria-pressed", String(button === submitter));
    }
  });
}
