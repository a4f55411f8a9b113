/* The context of the open conversation, as the apps may hear it. */

import { markOf } from "../lib/bridge.js";
import { onThemeChange } from "./page.js";
import { readContext } from "./page.js";
import { theme } from "./page.js";

export class Conversation {
  /* `onChange` is called when what apps may hear has changed by itself: the theme. */
  constructor(onChange) {
    this.stop = onThemeChange(() => {
      this.read();
      onChange();
    });
    this.read();
  }

  get key() {
    return this.about.key;
  }

  read() {
    const { key, data } = readContext(this.about);
    this.about = { key: String(key), data: { ...data, theme: theme() } };
    this.mark = markOf(this.about);
  }
}
