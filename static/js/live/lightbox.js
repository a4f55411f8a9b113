/* Shows the pictures of a thread large, one after the other. The frame for it comes from the desk, once. */

let box = null;
let thread = null;
let opener = null; // the link to which focus goes back
let shown = ""; // the address of the picture that is seen

const part = (name) => box.querySelector(`[data-part="${name}"]`);
const links = () => [...thread.querySelectorAll("a.picture")];

export async function enlarge(link, region, address) {
  try {
    box ??= await frame(address);
  } catch {
    window.location.assign(link.href);
    return;
  }
  thread = region;
  opener = link;
  show(link);
  box.showModal();
}

async function frame(address) {
  const response = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!response.ok) throw new Error(response.status);
  const made = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("dialog");
  made.addEventListener("click", clicked);
  made.addEventListener("keydown", pressed);
  made.addEventListener("close", closed);
  document.body.append(made);
  return made;
}

function show(link) {
  const { alt } = link.querySelector("img");
  const all = links();
  const place = all.indexOf(link);
  const told = { number: place + 1, total: all.length };
  shown = link.href;
  Object.assign(part("picture"), { src: link.href, alt });
  box.querySelector("h2").textContent = alt;
  part("place").textContent = all.length > 1 ? part("place").dataset.text.replace(/\{(\w+)\}/g, (_, word) => told[word]) : "";
  Object.assign(part("download"), { href: link.href, download: alt });
  for (const step of [-1, 1]) part(step).hidden = all.length < 2;
}

/* From the last to the first, and back: a button that is used does not go away under the finger. */
function go(step) {
  const all = links();
  const here = all.findIndex(({ href }) => href === shown);
  if (all.length > 0) show(all.at((here + step) % all.length));
}

function clicked({ target }) {
  const button = target.closest("[data-part]");
  if (button?.matches("[data-part='-1'], [data-part='1']")) go(Number(button.dataset.part));
  else if (target === box || target.matches(".lightbox-stage") || button === part("close")) box.close();
}

function pressed(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  go(box.matches(":dir(rtl)") ? -step : step);
}

/* The message may have been drawn anew meanwhile. */
function closed() {
  part("picture").removeAttribute("src");
  const link = opener.isConnected ? opener : links().find(({ href }) => href === opener.href);
  link?.focus({ preventScroll: true });
}
