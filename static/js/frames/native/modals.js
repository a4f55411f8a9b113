/* A page of the app in a dialog of the desk, with a port of its own if it says hello. */

import { AppFrame } from "../app-frame.js";
import { Refusal } from "../../lib/native/request.js";
import { line } from "../../lib/native/values.js";
import { ownLink } from "../../lib/native/links.js";
import { open as openDialog } from "./parts.js";
import { within } from "./parts.js";

export async function open({ url, title }, { session, frame, host, signal }) {
  const href = ownLink(url, frame);
  if (!href) throw new Refusal("invalid");
  const text = title === undefined ? "" : line(title, 80);
  if (document.querySelector("dialog[open]") || !session.isVisible) throw new Refusal("busy");
  const modal = new Modal(href, text, { opener: session, host });
  signal.addEventListener("abort", () => modal.close(), { once: true });
  return { result: await modal.closed };
}

/* By the page in the dialog, or by the one that opened it. */
export function close({ result = null }, { session, frame, host }) {
  const modal = [...host.modals].find((each) => each.frame === frame || each.opener === session);
  if (!modal) throw new Refusal("invalid");
  modal.close(result);
}

class Modal {
  constructor(url, title, { opener, host }) {
    const { app, position, index, origin, sandbox, allow, key } = opener.frame;
    this.opener = opener;
    this.host = host;
    this.dialog = host.make.get("modal")();
    const spec = { key: `modal ${key}`, app, position: `${position}-modal`, index, origin, sandbox, allow };
    this.frame = new AppFrame(
      { ...spec, url, tiedTo: host.conversation.key },
      { ...host.shelf.made, onReload: (each) => each.open() },
    );
    Object.assign(this.frame, { isShown: true, opener });
    within(this.dialog, "app").textContent = app.title;
    within(this.dialog, "title").textContent = title;
    this.dialog.append(this.frame.element);
    host.modals.add(this);
    this.closed = openDialog(this.dialog).then(() => this.end());
    this.frame.open();
  }

  close(result = null) {
    this.result = result;
    this.dialog.close();
  }

  end() {
    this.host.modals.delete(this);
    this.frame.close();
    this.dialog.remove();
    return this.result ?? null;
  }
}
