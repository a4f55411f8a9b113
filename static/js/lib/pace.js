/* How often something may happen. */

/* At once, and then not again for `interval` ms: the last of what is asked meanwhile is done at their end. */
export function makePace(interval) {
  let pause = null;
  let next = null;
  function ask(task) {
    if (pause !== null) next = task;
    else begin(task);
  }
  function begin(task) {
    pause = setTimeout(end, interval);
    task();
  }
  function end() {
    pause = null;
    if (next) begin(next);
    next = null;
  }
  return { ask, stop: () => clearTimeout(pause) };
}

/* At most `count` times in any `span` ms. Time is handed in. */
export function makeLimit(count, span) {
  let taken = [];
  return {
    take(now) {
      taken = taken.filter((time) => now - time < span);
      return taken.length < count && taken.push(now) > 0;
    },
  };
}
