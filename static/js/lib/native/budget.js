/* How much an app may say before it is not listened to for a while, and at last not at all. Time is handed in. */

export const LIMITS = { perSecond: 20, burst: 40, pending: 16 };
const STRIKES = { most: 3, span: 60_000, apart: 250 };
const MUTE = 10_000;
const MOST_MUTES = 3;
const PATIENCE = 500; // messages that may come while nobody listens, before that counts as muted once more

export class Budget {
  constructor(now) {
    Object.assign(this, { room: LIMITS.burst, filledAt: now, strikes: [], mutedUntil: -Infinity, mutes: 0, ignored: 0 });
  }

  /* What to do with one more message: "take" it, "refuse" it, drop it ("muted"), or close the port ("paused"). */
  spend(now) {
    if (this.mutes >= MOST_MUTES) return "paused";
    if (now < this.mutedUntil) return this.ignore(now);
    this.room = Math.min(LIMITS.burst, this.room + ((now - this.filledAt) / 1000) * LIMITS.perSecond);
    this.filledAt = now;
    if (this.room >= 1) {
      this.room -= 1;
      return "take";
    }
    return this.strike(now);
  }

  /* One burst is one strike, however many messages it has. */
  strike(now) {
    this.strikes = this.strikes.filter((time) => now - time < STRIKES.span);
    if (this.strikes.length === 0 || now - this.strikes.at(-1) >= STRIKES.apart) this.strikes.push(now);
    return this.strikes.length >= STRIKES.most ? this.mute(now) : "refuse";
  }

  mute(now) {
    this.mutes += 1;
    this.ignored = 0;
    this.strikes = [];
    this.mutedUntil = now + MUTE;
    return this.mutes >= MOST_MUTES ? "paused" : "muted";
  }

  /* Whoever goes on shouting is not waited for. */
  ignore(now) {
    this.ignored += 1;
    return this.ignored > PATIENCE ? this.mute(now) : "muted";
  }

  /* Seconds until there is room for a message again. */
  get wait() {
    return Math.max(0.1, Math.round((1 - this.room) * 10 / LIMITS.perSecond) / 10);
  }
}
