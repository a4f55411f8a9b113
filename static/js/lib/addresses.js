// Which addresses browsers do not show inside a page. Of http:// ones, an https page shows only the reader's own machine.

const LOCAL = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

export function isBlockedOnHttps(text) {
  const address = text.trim();
  if (!address.startsWith("http://") || !URL.canParse(address)) return false;
  return !LOCAL.test(new URL(address).hostname);
}

/* No Content-Security-Policy can name an IPv6 number. */
export function hasIpv6Host(text) {
  const address = text.trim();
  return /^https?:/.test(address) && URL.canParse(address) && new URL(address).hostname.startsWith("[");
}

/* A name, an e-mail or a phone number in an address is read by whoever reads logs. */
export function isPersonal(text) {
  return /\{\{contact\.(?:name|email|phone_number)(?:\|required)?\}\}/.test(text);
}
