// Keeps the list and the open conversation as they are at the desk: gathers what is heard and asks once for all of it.
// Rows are put where they belong; what stands in the conversation htmx puts in place. `data-behind` says that the page may
// lack something: before it has asked for what came ahead of its connection, and while there is something to ask for.

import { Debts } from "../lib/debts.js";
import { HEARD } from "../lib/debts.js";
import { placeRows } from "../live/rows.js";
import { readPage } from "../live/page.js";
import { shownRows } from "../live/rows.js";
import { waitFor } from "../lib/debts.js";

const MOST = 60; // of rows and messages that are asked for again; the server looks at no more
const JUST_NOW = 2; // what may have changed between the page and its connection
const AFTER_FAILURE = 5000;
const AFTER_END = 2000;

export default function follow(news) {
  const debts = new Debts();
  const ending = new AbortController();
  let timer = 0;
  let asked = -Infinity;
  let known = [];

  function owe(least = 0) {
    news.dataset.behind = "";
    timer ||= setTimeout(ask, Math.max(least, waitFor(performance.now(), asked, document.hidden)));
  }

  async function ask() {
    asked = performance.now();
    const page = readPage();
    known = page.shown;
    await window.htmx.ajax("GET", `${news.dataset.address}?${debts.settle(page)}`, { source: news, swap: "none" });
    timer = 0;
    delete news.dataset.behind;
    if (debts.areOwed) owe(debts.first ? AFTER_FAILURE : 0);
  }

  /* The list from its beginning, under the address that it has. */
  function reread() {
    const list = document.getElementById("conversation-list");
    return window.htmx.ajax("GET", window.location.href, { source: list, target: list, swap: "innerMorph" });
  }

  function doubt(most = MOST) {
    const { messages, shown } = readPage();
    debts.noteSilence({ shown: shown.slice(0, most), messages: messages.slice(-most) });
  }

  const hear = ({ type, detail }) => {
    debts.note(type.slice("cable:".length), detail, { ...readPage(), now: performance.now() });
    owe();
  };
  const again = async ({ detail: { isFirst } }) => {
    if (!isFirst) await reread();
    doubt(isFirst ? JUST_NOW : MOST);
    owe();
  };
  const failed = (event) => {
    event.stopPropagation(); // the connection itself says so, or the next answer shows it
    if (event.detail.ctx.response?.status === 404) window.location.reload();
    else doubt();
  };
  const placed = () => {
    if (news.firstElementChild) placeRows(news.firstElementChild, known);
    news.replaceChildren();
    const isEmpty = shownRows().length === 0;
    if (isEmpty !== Boolean(document.querySelector("#rows > .empty"))) reread();
  };
  /* What was heard while the conversation was on its way may be missing in it. */
  const swapped = ({ detail: { ctx } }) => {
    if (ctx.target?.id === "conversation" && debts.noteOpened(readPage().open, performance.now())) owe();
  };

  /* Leads to where one signs in; somebody who has just signed out is on the way there. */
  const ended = () => setTimeout(() => window.location.reload(), AFTER_END);
  const kept = () => {
    debts.thread = true; // some of what stands there as not sent may have been
    owe();
  };
  const looked = () => {
    if (document.hidden || !debts.areOwed) return;
    clearTimeout(timer);
    timer = 0;
    owe();
  };

  news.dataset.behind = "";
  const { signal } = ending;
  document.addEventListener("visibilitychange", looked, { signal });
  document.addEventListener("outbox:kept", kept, { signal });
  for (const name of HEARD) document.addEventListener(`cable:${name}`, hear, { signal });
  document.addEventListener("live:again", again, { signal });
  document.addEventListener("live:ended", ended, { signal });
  document.addEventListener("htmx:after:swap", swapped, { signal });
  news.addEventListener("htmx:after:swap", placed, { signal });
  for (const name of ["htmx:error", "htmx:response:error"]) news.addEventListener(name, failed, { signal });
  if (document.querySelector(".live-state[data-connected]")) again({ detail: { isFirst: true } }); // it was quicker
  return () => (clearTimeout(timer), ending.abort());
}
