/* Why a frame stays empty, as far as the desk's last look at the app's address knows. Asked for when one does. */

import { addressOf } from "./page.js";
import { askDesk } from "./page.js";

/* The app does not answer, as the page says already: the reason follows, and for administrators the way to it. */
export async function explain(frame) {
  const { iframe } = frame;
  const told = await ask(frame);
  if (!told || frame.iframe !== iframe || frame.element.dataset.state !== "silent") return;
  const { sentence } = told.frames[frame.index] ?? {};
  if (sentence) frame.part("say").append(` ${sentence}`);
  if (told.check) frame.part("say").append(" ", linkTo(told.check));
}

/* A page that the browser refuses loads like any other. Where the desk knows that it does, that is said. */
export async function suspect(frame) {
  const { iframe } = frame;
  if (frame.hasSpoken) return;
  const told = await ask(frame);
  if (frame.iframe !== iframe || frame.hasSpoken || frame.element.dataset.state !== "ready") return;
  if (told?.frames[frame.index]?.verdict === "blocked") frame.show("silent");
}

async function ask(frame) {
  const answer = await askDesk(addressOf(frame.app.id, "verdict")).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.json() : null;
}

function linkTo({ url, text }) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = text;
  return link;
}
