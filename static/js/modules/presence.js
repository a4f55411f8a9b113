// Who is there: the dots of everybody in sight, and one's own in the menu.

export default function presence(form) {
  const ending = new AbortController();
  let known = null; // user → online, busy or offline; who is not named is not there

  function show() {
    if (!known) return;
    for (const avatar of document.querySelectorAll(".avatar[data-presence][data-user]")) {
      avatar.dataset.presence = known[avatar.dataset.user] ?? "offline";
    }
  }

  function choose(availability) {
    for (const button of form.querySelectorAll("[name=availability]")) {
      button.setAttribute("aria-pressed", String(button.value === availability));
    }
  }

  const heard = ({ type, detail }) => {
    known = type.endsWith(".changed") ? { ...known, ...detail.users } : detail.users;
    choose(known[form.dataset.user] ?? "offline");
    show();
  };
  const chosen = ({ submitter }) => {
    known = { ...known, [form.dataset.user]: submitter.value };
    choose(submitter.value);
    for (const avatar of document.querySelectorAll(`.rail .avatar[data-user="${form.dataset.user}"]`)) avatar.dataset.presence = submitter.value;
  };

  const { signal } = ending;
  form.addEventListener("submit", chosen, { signal });
  for (const name of ["update", "changed"]) document.addEventListener(`cable:presence.${name}`, heard, { signal });
  document.addEventListener("htmx:after:swap", show, { signal });
  return () => ending.abort();
}
