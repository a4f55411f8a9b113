// Gives every [data-module] its behaviour: now, when htmx brings more of them, and an end when they are gone.

const running = new Map(); // element → the functions that end what it started

async function mount(element) {
  if (running.has(element)) return;
  const endings = [];
  running.set(element, endings);
  for (const name of element.dataset.module.split(" ")) {
    const { default: start } = await import(`./modules/${name}.js`);
    if (!running.has(element)) return; // gone while the module was on its way
    const end = start(element);
    if (end) endings.push(end);
  }
}

function mountAll(root) {
  if (root.matches?.("[data-module]")) mount(root);
  for (const element of root.querySelectorAll("[data-module]")) mount(element);
}

function endGone() {
  for (const [element, endings] of running) {
    if (element.isConnected) continue;
    running.delete(element);
    for (const end of endings) end();
  }
}

document.addEventListener("htmx:after:process", (event) => mountAll(event.target));
document.addEventListener("htmx:after:swap", endGone);
mountAll(document);
