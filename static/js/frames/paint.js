/* Runs a task when the browser has painted what was just changed, so that an app never delays the desk's own page. */

export function afterPaint(task) {
  requestAnimationFrame(() => setTimeout(task));
}
