/* Keeps the drawer beside the app, wherever the app stands. */

import { placeFor } from "../../lib/native/placing.js";

const OWN = 26; // rem, as in the style sheet

export function place({ element, button }) {
  const group = button.closest(".app-group") ?? button.parentElement;
  const isFromRight = document.documentElement.dir === "rtl";
  const look = () => {
    const { left, right } = group.getBoundingClientRect();
    const width = window.innerWidth;
    const edges = isFromRight ? { start: width - right, end: width - left } : { start: left, end: right };
    const own = OWN * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { kind, offset } = placeFor(edges, width, own);
    element.dataset.place = kind;
    element.style.insetInlineEnd = kind === "below" ? "" : `${offset}px`;
  };
  const sizes = new ResizeObserver(look);
  sizes.observe(group);
  sizes.observe(document.body);
  look();
  return () => sizes.disconnect();
}
