/* What an app does to its own place in the desk: its height, the number on its tab, where the desk goes next. */

import { Badges } from "./badges.js";
import { Refusal } from "../../lib/native/request.js";
import { badge } from "../../lib/native/values.js";
import { destination } from "../../lib/native/values.js";
import { height } from "../../lib/native/values.js";

const PATHS = {
  conversation: (id) => `conversations/${id}`,
  contact: (id) => `contacts/${id}`,
  inbox: (id) => `conversations?inbox=${id}`,
};

export function resize(params, { frame }) {
  const pixels = height(params.height);
  frame.part("body").style.gridTemplateRows = `auto ${pixels}px`;
  return { height: pixels };
}

export function setBadge({ value }, { frame, host }) {
  const text = badge(value);
  host.badges ??= new Badges();
  host.badges.set(frame.app.id, text);
}

/* By a link of the desk where there is one: then the page, and the apps in it, stay. */
export function navigate(params, { frame }) {
  const { what, id } = destination(params);
  if (!frame.isShown) throw new Refusal("busy");
  const row = what === "conversation" && document.querySelector(`#conversation-list [data-conversation="${id}"]`);
  if (row) return row.click();
  const [account] = window.location.pathname.match(/^.*?\/accounts\/\d+\//);
  window.location.assign(account + PATHS[what](id));
  return undefined;
}
