/* Where an app may send the agent: out of the desk, by an address that cannot run anything here. */

const OUTSIDE = new Set(["http:", "https:", "mailto:", "tel:"]);
const LONGEST = 2048;
const ODD = /[\p{Cc}\s\\"<>`]/u;

/* {url, host} or null. An address must be whole: what browsers would repair or complete is refused. */
export function outsideLink(text) {
  const url = read(text);
  if (!url || !OUTSIDE.has(url.protocol)) return null;
  if (!/^https?:$/.test(url.protocol)) return { url: url.href, host: url.pathname };
  return /^https?:\/\/[^/]/i.test(text) && !url.username && !url.password ? { url: url.href, host: url.host } : null;
}

/* A page of the app itself, also by its path alone; or null. */
export function ownLink(text, { url: from, origin }) {
  const url = read(text, from);
  if (!url || !/^https?:$/.test(url.protocol)) return null; // a blob: has an origin too
  if (url.origin !== origin || url.username || url.password) return null;
  return url.href;
}

function read(text, from) {
  if (typeof text !== "string" || text.length > LONGEST || ODD.test(text)) return null;
  return URL.canParse(text, from) ? new URL(text, from) : null;
}
