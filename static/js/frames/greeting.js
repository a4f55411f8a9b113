/* The door to the desk's own protocol. Its scripts come when an app first says hello, or when one that is known to
   will is about to be shown; what is said meanwhile waits. */

import { makeLimit } from "../lib/bridge.js";
import { tap } from "./tap.js";

const PATIENCE = 10_000;

export class Greeting {
  constructor(about) {
    this.about = about;
    this.host = null;
  }

  prepare() {
    this.coming ??= import("./native/host.js").then(({ NativeHost }) => (this.host = new NativeHost(this.about)));
    return this.coming;
  }

  /* Whoever has said hello is told nothing in another tongue. */
  hear(frame, hello) {
    frame.hasGreeted = true;
    frame.hasGreetedSinceLoad = true;
    const source = frame.window;
    frame.hellos ??= makeLimit(5, 10_000);
    if (!frame.hellos.take(performance.now())) return tap(frame, "in", null, "hellos");
    return this.prepare().then((host) => host.hello(frame, hello, source));
  }

  /* A document that has loaded without a hello, where another one had spoken, is a new one: it begins anew. A hello may
     come before its document has loaded, and then belongs to that document. */
  loaded(frame) {
    if (!frame.hasGreetedSinceLoad) {
      frame.hasGreeted = false;
      frame.session?.end();
    }
    frame.hasGreetedSinceLoad = false;
  }

  /* An app of this protocol that has loaded and does not speak is not there. */
  expect(frame) {
    frame.timer = setTimeout(() => frame.hasGreeted || frame.show("silent"), PATIENCE);
  }

  frames() {
    return this.host?.frames() ?? [];
  }

  stop() {
    this.host?.stop();
  }
}
