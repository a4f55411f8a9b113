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

/* A bucket of `size` tries; one comes back every `refill` ms. */
export function makeBucket(size, refill) {
  let left = size;
  let since = 0;
  return {
    take(now) {
      const back = left === size ? 0 : Math.floor((now - since) / refill);
      since = left === size ? now : since + back * refill;
      left = Math.min(size, left + back);
      if (left === 0) return false;
      left -= 1;
      return true;
    },
  };
}
