// The edge of the side panel: drawn with the pointer or moved with arrow keys, remembered in this browser.

import { LEAST } from "../lib/widths.js";
import { afterKey } from "../lib/widths.js";
import { fit } from "../lib/widths.js";
import { most } from "../lib/widths.js";

const KEY = "panel-width";

export default function panelWidth(edge) {
  const desk = edge.closest(".desk");
  const side = edge.closest(".side");
  const isRtl = edge.matches(":dir(rtl)");

  function set(width) {
    const fitting = fit(width, window.innerWidth);
    desk.style.setProperty("--side-width", `${fitting}px`);
    tell(fitting);
    return fitting;
  }
  function tell(width) {
    edge.setAttribute("aria-valuemin", LEAST);
    edge.setAttribute("aria-valuemax", most(window.innerWidth));
    edge.setAttribute("aria-valuenow", width);
  }
  const keep = (width) => localStorage.setItem(KEY, String(width));
  const widthAt = (x) => (isRtl ? x - side.getBoundingClientRect().left : side.getBoundingClientRect().right - x);

  edge.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    document.body.dataset.dragging = ""; // frames must not swallow the pointer
  });
  edge.addEventListener("pointermove", (event) => {
    if (edge.hasPointerCapture(event.pointerId)) set(widthAt(event.clientX));
  });
  edge.addEventListener("lostpointercapture", () => {
    delete document.body.dataset.dragging;
    keep(side.offsetWidth);
  });
  edge.addEventListener("keydown", (event) => {
    const next = afterKey(event.key, side.offsetWidth, window.innerWidth, isRtl ? "ArrowRight" : "ArrowLeft");
    if (next === null) return;
    event.preventDefault();
    keep(set(next));
  });

  const kept = Number(localStorage.getItem(KEY));
  if (kept) set(kept);
  else tell(side.offsetWidth);
}
