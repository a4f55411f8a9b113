/* Where an app tried to go is told to the desk, for its administrator. If that fails, the next time will do. */

import { csrfHeaders } from "./learning.js";

const ACCOUNT = /^.*?\/accounts\/\d+(?=\/)/;

export function reportLeaving(app, origin) {
  const account = ACCOUNT.exec(window.location.pathname);
  if (!account) return;
  const body = new URLSearchParams({ origin });
  const address = `${account[0]}/apps/${app.id}/violations`;
  fetch(address, { method: "POST", headers: csrfHeaders(), body, keepalive: true }).catch(() => {});
}
