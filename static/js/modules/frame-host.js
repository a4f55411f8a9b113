/* Hosts the apps: makes a frame when its app is first seen, keeps it, and tells it, and only it, what it may know. */

import { Conversation } from "../frames/page.js";
import { Greeting } from "../frames/greeting.js";
import { Shelf } from "../frames/shelf.js";
import { formatAfter } from "../lib/bridge.js";
import { isFrom } from "../lib/bridge.js";
import { keepListed } from "../frames/page.js";
import { readApps } from "../frames/page.js";
import { readHello } from "../lib/bridge.js";
import { readMessage } from "../lib/bridge.js";
import { tap } from "../frames/tap.js";

export default function frameHost(element) {
  const formats = new Map();
  const shelf = new Shelf(element, { onLoad, onShown, onHidden: (frame) => greeting.host?.update(frame) });
  const conversation = new Conversation(() => shelf.shown().forEach(tellIfNew));
  const greeting = new Greeting({ shelf, conversation, learn });
  let notes = null; // one promise for all, which keeps the order
  let leaving = null; // comes with the browser's first report; who loads or speaks from then on is judged in order

  function reread() {
    conversation.read();
    shelf.stock(readApps(), conversation.key);
    greeting.host?.reread();
    shelf.shown().forEach(tellIfNew);
  }

  function onShown(frame) {
    if (formatOf(frame.app) === "native") greeting.prepare();
    tellIfNew(frame);
  }

  /* What the desk began is a first load; what an app began may be any frame's. */
  function onStopped(event) {
    if (event.effectiveDirective !== "frame-src" || event.disposition !== "enforce") return;
    const suspects = shelf.frames().filter(({ iframe, hasLoaded }) => iframe && !(event.sourceFile && hasLoaded));
    leaving ??= import("../frames/leaving.js").then(({ Leaving }) => new Leaving());
    leaving.then((judge) => judge.note(event, suspects));
  }

  function onLoad(frame) {
    const load = { iframe: frame.iframe, isAgain: frame.hasLoaded, at: performance.now() };
    frame.hasLoaded = true;
    greeting.loaded(frame);
    if (leaving) leaving.then((judge) => judge.loaded(frame, load, () => welcome(frame)));
    else welcome(frame);
  }

  function welcome(frame) {
    frame.settle();
    if (formatOf(frame.app) === "native") greeting.expect(frame);
    tell(frame);
  }

  function hear(event) {
    const frame = [...shelf.frames(), ...greeting.frames()].find((each) => isFrom(event, each));
    if (!frame) return;
    const message = readHello(event.data) ?? readMessage(event.data);
    const isHeard = message && event.ports.length === 0 && !(frame.hasGreeted && message.kind === "fetch-info");
    tap(frame, "in", event.data, isHeard ? "take" : "ignored");
    if (!isHeard) return;
    leaving?.then((judge) => judge.clear(frame));
    frame.settle({ hasSpoken: true });
    if (message.kind === "hello") greeting.hear(frame, message);
    else if (message.kind === "fetch-info") learn(frame.app, "chatwoot"), frame.answers.ask(() => tell(frame));
    else (notes ??= import("../frames/notes.js")).then(({ note }) => note(frame, message.message));
  }

  function formatOf(app) {
    return formats.get(app.id) ?? app.format;
  }

  function learn(app, shown) {
    if (formatAfter(formatOf(app), shown) === formatOf(app)) return;
    formats.set(app.id, shown);
    import("../frames/telling.js").then(({ remember }) => remember(app, shown));
  }

  function tellIfNew(frame) {
    if (frame.hasGreeted) greeting.host?.update(frame);
    else if (frame.isListening && (frame.app.context_url || frame.told !== conversation.mark)) tell(frame, { again: false });
  }

  function tell(frame, { again = true } = {}) {
    conversation.tell(frame, (about, mark) => {
      if (!frame.hasGreeted && (again || frame.told !== mark)) frame.post(formatOf(frame.app), about, mark);
    });
  }

  reread();
  const ending = new AbortController();
  const { signal } = ending;
  keepListed(reread, signal);
  window.addEventListener("message", hear, { signal });
  document.addEventListener("htmx:after:swap", reread, { signal });
  document.addEventListener("securitypolicyviolation", onStopped, { signal });
  return () => (ending.abort(), [greeting, shelf, conversation].forEach((part) => part.stop()));
}
