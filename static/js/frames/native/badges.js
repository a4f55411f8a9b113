/* The small number on an app's tabs, and on its link in the navigation. Tabs are drawn anew with each conversation, the
   numbers are kept here. */

export class Badges {
  constructor() {
    this.texts = new Map();
  }

  set(app, text) {
    this.texts.set(app, text);
    this.draw();
  }

  draw() {
    for (const tab of document.querySelectorAll("[data-app-tab], [data-app-link]")) {
      const text = this.texts.get(Number(tab.dataset.appTab ?? tab.dataset.appLink)) ?? "";
      const found = tab.querySelector("[data-badge]");
      if (!text) found?.remove();
      else (found ?? added(tab)).textContent = text;
    }
  }
}

function added(tab) {
  const badge = document.createElement("span");
  badge.className = "tally";
  badge.dataset.badge = "";
  tab.append(badge);
  return badge;
}
