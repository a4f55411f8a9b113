/* Changes to a text area that undo can take back and the rest of the page hears of. */

export function replace(area, start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  // Old, and the only way that leaves undo whole; where a browser has dropped it, the text is set all the same.
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (done) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function insert(area, text) {
  replace(area, area.selectionStart, area.selectionEnd, text);
}
