/* Is the app still there? Asked every half minute while it is seen; whoever misses two is said to be silent. */

const EVERY = 30_000;

export class Pulse {
  constructor(session) {
    Object.assign(this, { session, number: 0, missed: 0, timer: null });
  }

  turn(isOn) {
    clearInterval(this.timer);
    this.missed = 0;
    this.timer = isOn ? setInterval(() => this.ping(), EVERY) : null;
  }

  ping() {
    if (this.missed >= 2) this.session.frame.show("silent");
    this.missed += 1;
    this.session.post({ ping: (this.number += 1) });
  }

  pong(number) {
    if (number !== this.number) return;
    this.missed = 0;
    this.session.frame.settle();
  }
}
