/* The playground: how the app is looked at changes at once, and what was typed outlives the page. */

export default function playground(element) {
  const ending = new AbortController();
  const { signal } = ending;
  const kept = `playground ${window.location.pathname} ${element.querySelector("[name=conversation]").value}`;
  const editor = () => element.querySelector("[name=context]");

  function look({ target }) {
    if (target.name === "width") element.querySelector("[data-stage]").dataset.width = target.value;
    if (target.name === "theme") show(target.value);
  }

  function keep({ target }) {
    if (target.name !== "context") return;
    sessionStorage.setItem(kept, target.value);
    say("");
  }

  /* What was typed before the page was opened anew. */
  function restore() {
    const text = sessionStorage.getItem(kept);
    if (!editor() || text === null || text === editor().value) return;
    editor().value = text;
    say(editor().form.dataset.kept);
  }

  function undone({ target }) {
    if (!target.elements.context) return;
    sessionStorage.removeItem(kept);
    say("");
  }

  /* What the app has changed, unless somebody is writing there. */
  function follow({ detail: text }) {
    const area = editor();
    const isTouched = area.value !== area.defaultValue;
    area.defaultValue = text;
    if (isTouched) return;
    area.value = text;
    sessionStorage.setItem(kept, text);
  }

  const say = (words) => (element.querySelector("[data-said]").textContent = words);

  element.addEventListener("change", look, { signal });
  element.addEventListener("input", keep, { signal });
  element.addEventListener("reset", undone, { signal });
  document.addEventListener("try:changed", follow, { signal });
  restore();
  return () => ending.abort();
}

function show(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}
