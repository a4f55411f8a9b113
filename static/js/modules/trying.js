/* Answers in place of the desk while an app is only tried: what it asks for is done to what stands on the page. */

import { answerInstead } from "../frames/page.js";
import { csrfHeaders } from "../frames/page.js";
import { readContext } from "../frames/page.js";

export default function trying() {
  let state = null;
  let last = Promise.resolve();

  /* One after the other, because each goes on from what the one before has left. */
  function call({ body, signal }) {
    const answer = last.then(() => perform(JSON.parse(body), signal));
    last = answer.catch(() => {});
    return answer;
  }

  async function perform({ method, params }, signal) {
    const { granted, calls } = read("playground");
    const answer = await post(calls, { method, params, actions: granted.actions, state, ...written() }, signal);
    if (!answer.ok) return answer;
    const said = await answer.json();
    if (said.ok) keep(said);
    return Response.json(said);
  }

  function keep(said) {
    state = said.state;
    const context = JSON.stringify(said.context);
    if (context === JSON.stringify(read("written"))) return;
    write("written", said.context);
    write("app-context", { key: readContext().key, data: said.data });
    document.dispatchEvent(new CustomEvent("try:changed", { detail: said.text }));
    document.dispatchEvent(new CustomEvent("htmx:after:swap")); // the host reads the page again, as after any change of it
  }

  const answers = new Map([["welcome", welcome], ["calls", call], ["inspector", inspector], ["context", inspected]]);
  answerInstead(async (address, how) => {
    const [path] = address.split("?");
    return (answers.get(path.split("/").at(-1)) ?? nothing)(how);
  });
  return () => answerInstead(null);
}

function welcome() {
  const { app, granted } = read("playground");
  return Response.json({ app, granted, ...readContext() });
}

function inspector({ signal }) {
  return fetch(read("playground").inspector, { signal, redirect: "error" });
}

/* What stands on the page, with the scopes of the try. */
function inspected({ signal }) {
  return post(read("playground").inspector, written(), signal);
}

function written() {
  return { context: read("written"), scopes: read("playground").granted.scopes };
}

function post(address, said, signal) {
  const headers = { ...csrfHeaders(), "Content-Type": "application/json", Accept: "application/json, text/html" };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(said), signal, redirect: "error" });
}

/* Nobody keeps a log, a ledger or a check of what is only tried. */
function nothing() {
  return new Response(null, { status: 404 });
}

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const write = (id, value) => (document.getElementById(id).textContent = JSON.stringify(value));
