// Gives every [data-module] its behaviour: now, when htmx brings more of them, and an end when they are gone.
// While some of it is still on its way, the page says so: html[data-mounting].

const running = new Map(); // element → the functions that end what it started
let awaited = 0;

async function mount(element) {
  if (running.has(element)) return;
  running.set(element, []);
  count(1);
  try {
    start(element, await Promise.all(element.dataset.module.split(" ").map((name) => import(`./modules/${name}.js`))));
  } finally {
    count(-1);
  }
}

function start(element, modules) {
  for (const { default: begin } of modules) {
    const end = running.has(element) && begin(element); // it may have gone while they were on their way
    if (end) running.get(element).push(end);
  }
}

function count(more) {
  awaited += more;
  document.documentElement.toggleAttribute("data-mounting", awaited > 0);
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
