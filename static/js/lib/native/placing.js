/* Where the inspector stands: beside the app, so that both are seen; where there is no room, below it. */

/* {kind: "before" | "after" | "below", offset}: how far its end is from the page's. `app` is where the app begins and
   ends, counted from where lines begin; `width` is the page's and `own` the inspector's. */
export function placeFor(app, width, own) {
  if (app.end > width) return { kind: "below", offset: 0 }; // out of sight
  if (app.start >= own) return { kind: "before", offset: Math.round(width - app.start) };
  if (width - app.end >= own) return { kind: "after", offset: Math.round(width - app.end - own) };
  return { kind: "below", offset: 0 };
}
