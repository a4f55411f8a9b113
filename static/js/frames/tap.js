/* What the desk and the apps say to each other comes by here and goes on to whoever listens: nobody, until an inspector
   is open. Nothing is kept. */

const listeners = new Set();

/* `direction` is "in" for what an app has said and "out" for what it was told. `verdict` is what the host made of it:
   "take", or why it did nothing; without `data` it is about what came before. */
export function tap(frame, direction, data, verdict = "take") {
  if (listeners.size === 0) return;
  const entry = { app: frame.app.id, frame, at: performance.now(), direction, data, verdict };
  for (const listen of listeners) listen(entry);
}

/* Gives the function that ends it. */
export function onEntry(listen) {
  listeners.add(listen);
  return () => listeners.delete(listen);
}
