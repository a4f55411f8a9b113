/* How often something may happen. Time is handed in, so that the rules can be tested without waiting. */

/* At most one answer in `interval` ms; what is asked meanwhile gets one answer at the end of it. */
export function makePace(interval) {
  let next = -Infinity;
  let isPromised = false;
  return {
    /* 0: answer now; a number: answer once after so many ms; null: an answer is on its way already. */
    ask(now) {
      if (isPromised) return null;
      if (now >= next) {
        next = now + interval;
        return 0;
      }
      isPromised = true;
      return next - now;
    },
    answered(now) {
      isPromised = false;
      next = now + interval;
    },
  };
}

/* At most `count` times in any `span` ms. */
export function makeLimit(count, span) {
  let taken = [];
  return {
    take(now) {
      taken = taken.filter((time) => now - time < span);
      if (taken.length >= count) return false;
      taken.push(now);
      return true;
    },
  };
}
