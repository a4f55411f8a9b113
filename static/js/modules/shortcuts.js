// Keys for what has a control: data-shortcut names the key. j and k walk through the list, x ticks a row.
// Never while somebody types, never with Ctrl, Alt or ⌘; a person may switch them off in the profile.

const TYPED_INTO = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit], [type=button])";
const STEPS = { j: 1, k: -1 };

const rows = () => [...document.querySelectorAll("#rows [data-conversation]")];
const rowHere = () => document.activeElement.closest("[data-conversation]");

/* Does what a click would; a field is entered, and what to write is written right away. */
export function press(control) {
  const panel = control.closest("[role=tabpanel][hidden]");
  if (panel) document.querySelector(`[role=tab][aria-controls="${panel.id}"]`)?.click();
  const opens = document.getElementById(control.getAttribute("aria-controls") ?? "");
  if (control.matches(TYPED_INTO)) control.select?.();
  else if (control.getAttribute("aria-expanded") === "true") opens?.querySelector("input")?.select();
  else control.click();
  if (control.matches("textarea, input:not([type=radio])")) control.focus();
  if (control.type === "radio") control.form.querySelector("textarea")?.focus();
}

function step(by) {
  const all = rows();
  const here = all.indexOf(rowHere() ?? all.find((row) => row.hasAttribute("aria-current")));
  const next = all[here < 0 ? 0 : here + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

export default function shortcuts() {
  const isBusy = ({ target }) =>
    target.closest(TYPED_INTO) || document.querySelector("dialog[open], .menu:popover-open");

  function keydown(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.matches(".composer textarea")) event.target.blur();
    if (isBusy(event)) return;
    const control = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]:not(:disabled)`);
    const pick = event.key === "x" && rowHere()?.parentElement.querySelector(".row-pick");
    if (STEPS[event.key]) step(STEPS[event.key]);
    else if (pick) pick.click();
    else if (control && !event.repeat) press(control);
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", keydown);
  return () => document.removeEventListener("keydown", keydown);
}
