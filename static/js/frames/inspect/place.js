/* Keeps the drawer beside the app, wherever the app stands. */

import { placeFor } from "../../lib/native/placing.js";

const OWN = 26; // rem, as in the style sheet

export function place({ element, app, shelf }) {
  let group = null;
  const isFromRight = document.documentElement.dir === "rtl";
  const look = () => {
    const { left, right } = (group ?? shelf.element).getBoundingClientRect();
    const width = window.innerWidth;
    const edges = isFromRight ? { start: width - right, end: width - left } : { start: left, end: right };
    const own = OWN * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { kind, offset } = placeFor(edges, width, own);
    element.dataset.place = kind;
    element.style.insetInlineEnd = kind === "below" ? "" : `${offset}px`;
  };
  const sizes = new ResizeObserver(look);
  const watch = () => {
    if (group) sizes.unobserve(group);
    group = shelf.groups.get(app.id)?.element ?? null;
    if (group) sizes.observe(group);
    look();
  };
  const groups = new MutationObserver(watch); // a frame of its own for each conversation is another group each time
  groups.observe(shelf.element, { childList: true });
  sizes.observe(document.body);
  watch();
  return () => (sizes.disconnect(), groups.disconnect());
}
