/* The rows of the list in the page: read, renewed, put where they belong. A row stands in a box with its tick. */

import { arrange } from "../lib/order.js";

const boxOf = (row) => row.closest(".row-box");
const numberOf = (row) => Number(row.dataset.conversation);
const rowsIn = (place) => [...place.querySelectorAll("[data-conversation]")];
const list = () => document.getElementById("rows");

export function shownRows() {
  return rowsIn(list()).map(numberOf);
}

/* Put the rows that the server sent, in `answer`, where it says, and take those away that it was asked for and does
   not know in this list any more. */
export function placeRows(answer, asked) {
  const here = boxesIn(list());
  const brought = boxesIn(answer);
  for (const [id, box] of brought) {
    if (here.has(id)) renew(here.get(id), box);
    else here.set(id, box);
  }
  const order = answer.dataset.order.split(",").filter(Boolean).map(Number);
  const goesOn = Boolean(list().querySelector(".rows-more"));
  const wanted = arrange({ rows: shownRows(), asked, brought: [...brought.keys()], order, goesOn });
  stand(wanted.map((id) => here.get(id)));
}

function boxesIn(place) {
  return new Map(rowsIn(place).map((row) => [numberOf(row), boxOf(row)]));
}

/* The row stays the element that it was, with its focus, its tick and its place. */
function renew(box, newer) {
  const [row, next] = [...rowsIn(box), ...rowsIn(newer)];
  row.toggleAttribute("data-unread", next.hasAttribute("data-unread"));
  row.replaceChildren(...next.childNodes);
}

function stand(boxes) {
  const kept = new Set(boxes);
  for (const box of boxesIn(list()).values()) if (!kept.has(box)) box.remove();
  let next = list().firstElementChild;
  for (const box of boxes) {
    if (box === next) next = next.nextElementSibling;
    else if (box.parentNode === list() && list().moveBefore) list().moveBefore(box, next);
    else list().insertBefore(box, next);
  }
}
