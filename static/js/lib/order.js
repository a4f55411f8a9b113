/* Where rows go. No DOM: rows are their numbers. */

/* `rows` stand on the page, of these the server was told `asked`; it knows that of them, and of `brought`, those in
   `order` belong into the list, in that order. New ones below the last known row are left to whoever scrolls there. */
export function arrange({ rows, asked, brought, order, goesOn }) {
  const here = new Set(rows);
  const told = new Set([...asked, ...brought]);
  const rest = rows.filter((id) => !told.has(id));
  const wanted = order.filter((id) => here.has(id) || brought.includes(id));
  while (goesOn && wanted.length > 0 && !here.has(wanted.at(-1))) wanted.pop();
  return [...wanted, ...rest];
}
