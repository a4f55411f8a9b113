/* The context of the open conversation, as the apps may hear it. */

import { contextBlock } from "./page.js";
import { fetchContext } from "./page.js";
import { markOf } from "../lib/bridge.js";
import { onThemeChange } from "./page.js";
import { readContext } from "./page.js";
import { theme } from "./page.js";

export class Conversation {
  /* `onChange` is called when what apps may hear has changed by itself: the theme, or something on this page. */
  constructor(onChange) {
    this.onChange = onChange;
    this.asked = new AbortController();
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("context:changed", () => this.refresh(), { signal });
    this.stopTheme = onThemeChange(() => this.retell());
    this.read();
  }

  get key() {
    return this.about.key;
  }

  read() {
    this.asked.abort();
    this.source = contextBlock()?.textContent;
    const { key, data } = readContext(this.about);
    this.about = { key: String(key), data: { ...data, theme: theme() } };
    this.mark = markOf(this.about);
  }

  retell() {
    this.read();
    this.onChange();
  }

  /* The block in the page is new, or the server has a newer one. An answer that comes after the agent has moved on
     belongs to nobody: reading the next block has called it off. */
  async refresh() {
    if (contextBlock()?.textContent === this.source) {
      this.asked.abort();
      this.asked = new AbortController();
      const { signal } = this.asked;
      const text = await fetchContext(signal);
      if (text === null || signal.aborted || !contextBlock()) return;
      contextBlock().textContent = text;
    }
    this.retell();
  }

  stop() {
    this.asked.abort();
    this.listening.abort();
    this.stopTheme();
  }
}
