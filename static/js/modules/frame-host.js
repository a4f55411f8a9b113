/* Hosts the apps: makes a frame when its app is first seen, keeps it, and tells it, and only it, what it may know. */

import { Conversation } from "../frames/conversation.js";
import { Greeting } from "../frames/greeting.js";
import { Shelf } from "../frames/shelf.js";
import { formatAfter } from "../lib/bridge.js";
import { isFrom } from "../lib/bridge.js";
import { keepListed } from "../frames/listing.js";
import { mayHear } from "../lib/shelf.js";
import { readApps } from "../frames/page.js";
import { readHello } from "../lib/native/hello.js";
import { readMessage } from "../lib/bridge.js";
import { remember } from "../frames/learning.js";
import { tap } from "../frames/tap.js";
import { watchLeaving } from "../frames/leaving.js";
import { withContext } from "../frames/projected.js";

export default function frameHost(element) {
  const leaving = watchLeaving(() => shelf.frames().filter(({ iframe }) => iframe));
  const formats = new Map();
  const shelf = new Shelf(element, { onLoad, onShown, onHidden: (frame) => greeting.host?.update(frame) });
  const conversation = new Conversation(() => shelf.shown().forEach(tellIfNew));
  const greeting = new Greeting({ shelf, conversation, learn });

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

  function onLoad(frame) {
    const aim = leaving.take(frame, (late) => late !== null && frame.stray(late));
    frame.hasLoaded = true;
    greeting.loaded(frame);
    if (aim !== null) return frame.stray(aim);
    frame.settle();
    if (formatOf(frame.app) === "native") greeting.expect(frame);
    return tell(frame);
  }

  function hear(event) {
    const frame = [...shelf.frames(), ...greeting.frames()].find((each) => isFrom(event, each));
    if (!frame) return;
    const message = readHello(event.data) ?? readMessage(event.data);
    const isHeard = message && event.ports.length === 0 && !(frame.hasGreeted && message.kind === "fetch-info");
    tap(frame, "in", event.data, isHeard ? "take" : "ignored");
    if (!isHeard) return;
    leaving.clear(frame);
    frame.settle({ hasSpoken: true });
    if (message.kind === "hello") greeting.hear(frame, message);
    else if (message.kind === "fetch-info") answer(frame);
    else frame.toast(message.message);
  }

  function answer(frame) {
    learn(frame.app, "chatwoot");
    const wait = frame.answers.ask(performance.now());
    if (wait === 0) tell(frame);
    if (wait > 0) frame.answerTimer = setTimeout(() => (frame.answers.answered(performance.now()), tell(frame)), wait);
  }

  function formatOf(app) {
    return formats.get(app.id) ?? app.format;
  }

  function learn(app, shown) {
    if (formatAfter(formatOf(app), shown) === formatOf(app)) return;
    formats.set(app.id, shown);
    remember(app, shown);
  }

  function tellIfNew(frame) {
    if (frame.hasGreeted) greeting.host?.update(frame);
    else if (frame.isListening && (frame.app.context_url || frame.told !== conversation.mark)) tell(frame, { again: false });
  }

  function tell(frame, { again = true } = {}) {
    withContext(frame, conversation, (about, mark) => {
      if (frame.hasGreeted || !mayHear(frame, about.key) || (!again && frame.told === mark)) return;
      frame.post(formatOf(frame.app), about, mark);
    });
  }

  reread();
  const listing = keepListed(reread);
  window.addEventListener("message", hear);
  document.addEventListener("htmx:after:swap", reread);
  return () => {
    window.removeEventListener("message", hear);
    document.removeEventListener("htmx:after:swap", reread);
    [listing, leaving, greeting, shelf, conversation].forEach((part) => part.stop());
  };
}
