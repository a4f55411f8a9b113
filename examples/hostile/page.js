/* Against the page of the agent, with what every frame has. */

const FEATURES = ["camera", "microphone", "geolocation", "display-capture", "clipboard-read", "clipboard-write", "fullscreen", "usb", "payment"];

export const againstThePage = [
  ["Read the agent's page", () => Boolean(window.parent.document.body)],
  ["Read where the agent is", () => Boolean(window.parent.location.href)],
  ["Read the frames of other apps", () => [...Array(window.parent.length).keys()].some(isReadable)],
  ["Lead the agent's window away", () => leave(() => (window.top.location.href = window.location.href))],
  ["Lead it away by a link", () => leave(() => follow("_top"))],
  ["Lead it away by a link to the parent", () => leave(() => follow("_parent"))],
  ["Lead it away by a form", () => leave(send)],
  ["Ask in the browser's own words", () => window.confirm("Your session has ended. Sign in again?")],
  ["Find something in the frame's name", () => /[@\s]/.test(window.name)],
  ["Find out which page the agent came from", () => document.referrer !== "" && new URL(document.referrer).pathname !== "/"],
  ["Find a token in the address", () => /token|secret/i.test(window.location.href)],
  ...FEATURES.map((name) => [`Use ${name}`, () => Boolean(document.featurePolicy?.allowsFeature(name))]),
];

function isReadable(place) {
  const other = window.parent.frames[place];
  if (other === window) return false;
  try {
    return Boolean(other.document);
  } catch {
    return false;
  }
}

/* Whoever is led away takes this card along: if it can be read, this was stopped. */
async function leave(act) {
  act();
  await new Promise((done) => setTimeout(done, 100));
  return false;
}

function follow(target) {
  Object.assign(document.createElement("a"), { href: window.location.href, target }).click();
}

function send() {
  const form = Object.assign(document.createElement("form"), { action: window.location.href, target: "_top" });
  document.body.append(form);
  form.submit();
}
