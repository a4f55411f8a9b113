// Ticking rows: a stretch with Shift, all that are shown, and how many there are.

export default function picks(rows) {
  const bar = document.getElementById("bulk");
  const all = () => [...rows.querySelectorAll(".row-pick")];
  let last = null;

  function tell() {
    const count = all().filter((box) => box.checked).length;
    const words = bar.querySelector("[data-picked]");
    const every = bar.querySelector("[data-pick-all]");
    words.textContent = words.dataset.words.replace("#", count);
    every.checked = count > 0 && count === all().length;
    every.indeterminate = count > 0 && !every.checked;
  }

  function set(boxes, isChecked) {
    for (const box of boxes) box.checked = isChecked;
    tell();
  }

  function click(event) {
    const box = event.target.closest(".row-pick");
    if (!box) return;
    const boxes = all();
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) set(boxes.slice(from, to + 1), box.checked);
    last = box;
    tell();
  }

  const change = ({ target }) => target.matches("[data-pick-all]") && set(all(), target.checked);
  const reset = (event) => {
    event.preventDefault();
    set(all(), false);
  };
  /* What was done is done: the next selection begins anew. */
  const swapped = ({ detail: { ctx } }) => {
    const isDone = ctx.sourceElement?.matches(`form[action="${bar.getAttribute("action")}"]`) && ctx.response?.status < 300;
    if (isDone && ctx.target?.id === "conversation-list") set(all(), false);
    else tell();
  };

  rows.addEventListener("click", click);
  bar.addEventListener("change", change);
  bar.addEventListener("reset", reset);
  document.addEventListener("htmx:after:swap", swapped);
  const moves = new MutationObserver(tell); // rows come and go by themselves
  moves.observe(rows, { childList: true });
  tell();
  return () => {
    moves.disconnect();
    document.removeEventListener("htmx:after:swap", swapped);
  };
}
