/* When an app is reminded that its token ends. Time is handed in. */

const SPARE = 20; // seconds that are left then
const SOONEST = 30; // where the clock of this computer is wrong, the app is reminded too seldom or too often, never all the time
const LATEST = 100;

/* Milliseconds from `now`, in seconds since 1970 as `expiresAt`. */
export function reminderIn(expiresAt, now) {
  return 1000 * Math.min(LATEST, Math.max(SOONEST, expiresAt - SPARE - now));
}
