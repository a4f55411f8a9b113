/* Hosts the apps: makes a frame when its app is first seen, keeps it, and tells it, and only it, what it may know. */

import { Conversation } from "../frames/conversation.js";
import { Shelf } from "../frames/shelf.js";
import { formatAfterAsking } from "../lib/bridge.js";
import { isFrom } from "../lib/bridge.js";
import { mayHear } from "../lib/shelf.js";
import { readApps } from "../frames/page.js";
import { readMessage } from "../lib/bridge.js";
import { rememberChatwoot } from "../frames/learning.js";
import { watchLeaving } from "../frames/leaving.js";

export default function frameHost(element) {
  const leaving = watchLeaving(() => shelf.frames().filter(({ iframe }) => iframe));
  const formats = new Map();
  const shelf = new Shelf(element, { onLoad, onShown: tellIfNew });
  const conversation = new Conversation(() => shelf.shown().forEach(tellIfNew));

  function reread() {
    conversation.read();
    shelf.stock(readApps(), conversation.key);
    shelf.shown().forEach(tellIfNew);
  }

  function onLoad(frame) {
    const aim = leaving.take(frame, (late) => late !== null && frame.stray(late));
    frame.hasLoaded = true;
    if (aim !== null) return frame.stray(aim);
    frame.settle();
    return tell(frame);
  }

  function hear(event) {
    const frame = shelf.frames().find((each) => isFrom(event, each));
    const message = frame && readMessage(event.data);
    if (!message) return;
    leaving.clear(frame);
    frame.settle();
    if (message.kind === "fetch-info") answer(frame);
    else if (frame.notes.take(performance.now())) toast(frame.app.title, message.message);
  }

  function answer(frame) {
    learn(frame.app);
    const wait = frame.answers.ask(performance.now());
    if (wait === 0) tell(frame);
    if (wait > 0) frame.answerTimer = setTimeout(() => (frame.answers.answered(performance.now()), tell(frame)), wait);
  }

  function learn(app) {
    const format = formats.get(app.id) ?? app.format;
    if (formatAfterAsking(format) === format) return;
    formats.set(app.id, formatAfterAsking(format));
    rememberChatwoot(app);
  }

  function tellIfNew(frame) {
    if (frame.isListening && frame.told !== conversation.mark) tell(frame);
  }

  function tell(frame) {
    if (!mayHear(frame, conversation.key)) return;
    frame.post(formats.get(frame.app.id) ?? frame.app.format, conversation.about, conversation.mark);
  }

  reread();
  window.addEventListener("message", hear);
  document.addEventListener("htmx:after:swap", reread);
  return () => {
    window.removeEventListener("message", hear);
    document.removeEventListener("htmx:after:swap", reread);
    [leaving, shelf, conversation].forEach((part) => part.stop());
  };
}

function toast(title, message) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { title, message } }));
}
