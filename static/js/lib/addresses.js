// Which http:// addresses browsers show inside an https page: only those of the reader's own machine.

const LOCAL = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

export function isBlockedOnHttps(text) {
  const address = text.trim();
  if (!address.startsWith("http://") || !URL.canParse(address)) return false;
  return !LOCAL.test(new URL(address).hostname);
}
