/* What an "automatic" app has shown to be is kept for the next time. A nicety: if it fails, it is learned again. */

export function remember(app, format) {
  if (!app.learn_url) return;
  const body = new URLSearchParams({ format });
  fetch(app.learn_url, { method: "POST", headers: csrfHeaders(), body, keepalive: true }).catch(() => {});
}

/* The same headers that htmx sends with each of its requests. */
export function csrfHeaders() {
  const { body } = document;
  return JSON.parse(body.getAttribute("hx-headers:inherited") ?? body.getAttribute("hx-headers") ?? "{}");
}
