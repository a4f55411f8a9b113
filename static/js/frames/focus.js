/* The Tab key follows what is seen: tab, panel, the app's frames, what stands after the panel. The frames stand
   elsewhere in the document, so the two ends of a group lead back to the panel and on from it. */

const STOPS = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, iframe, [tabindex='0']";

export function guideFocus(group) {
  const [first, last] = [edge(), edge()];
  group.element.append(first, last);
  first.addEventListener("focus", (event) => {
    const isEntering = !group.element.contains(event.relatedTarget);
    if (isEntering) enter(group);
    else group.slot?.focus();
  });
  last.addEventListener("focus", () => after(group.slot)?.focus());

  const onKey = (event) => {
    if (event.key === "Tab" && !event.shiftKey && event.target === group.slot) {
      event.preventDefault();
      enter(group);
    }
    if (event.key === "Escape" && group.element.contains(event.target)) tabOf(group.slot)?.focus();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

function edge() {
  const mark = document.createElement("span");
  mark.tabIndex = 0;
  mark.dataset.edge = "";
  return mark;
}

function enter(group) {
  group.element.querySelector(".app-frame :is(button, a[href])")?.focus();
}

function after(slot) {
  const isLater = (stop) => slot.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING;
  return slot && [...document.querySelectorAll(STOPS)].find((stop) => isLater(stop) && canFocus(stop));
}

function canFocus(stop) {
  return stop.tabIndex >= 0 && !stop.closest("#frame-shelf") && stop.checkVisibility({ visibilityProperty: true });
}

function tabOf(slot) {
  return slot && document.querySelector(`[aria-controls="${slot.id}"]`);
}
