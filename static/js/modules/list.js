// The rows: which one is open, arrow keys between them, no row twice when a moved one comes again.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export default function list(rows) {
  const all = () => [...rows.querySelectorAll("[data-conversation]")];

  function mark() {
    const open = document.querySelector("#conversation > [data-key]")?.dataset.key;
    for (const row of all()) {
      if (row.dataset.conversation === open) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  function dropDoubles() {
    const known = new Set();
    for (const row of all()) {
      if (known.has(row.id)) (row.closest(".row-box") ?? row).remove();
      known.add(row.id);
    }
  }

  const swapped = (event) => {
    mark();
    if (rows.contains(event.target)) dropDoubles();
  };
  rows.addEventListener("keydown", (event) => {
    const here = all().indexOf(event.target.closest("[data-conversation]"));
    if (here < 0 || !STEPS[event.key]) return;
    event.preventDefault();
    all()[here + STEPS[event.key]]?.focus();
  });
  document.addEventListener("htmx:after:swap", swapped);
  mark();
  return () => document.removeEventListener("htmx:after:swap", swapped);
}
