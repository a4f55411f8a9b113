/* Opens an app that wants to know from whom it is opened. The server signs that for this one request; the page passes
   it on, in a form that is sent into the frame, or in the address. A reload comes here again: a token is used once. */

import { csrfHeaders } from "./page.js";
import { readContext } from "./page.js";

export async function launch(frame) {
  const { iframe } = frame;
  const aim = await ask(frame);
  if (!aim || frame.iframe !== iframe) return;
  frame.attend();
  if (aim.token === null) iframe.src = aim.url;
  else send(iframe, aim);
}

/* Null where the desk does not answer, or not with a yes: then nothing is opened, and the frame says so in its time. */
async function ask({ app, index, iframe }) {
  const place = iframe.closest(".app-group")?.dataset.place ?? "";
  const body = new URLSearchParams({ frame: index, conversation: readContext().key, place });
  const options = { method: "POST", headers: csrfHeaders(), body };
  const answer = await fetch(app.launch_url, options).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

function send(iframe, { url, token }) {
  const form = document.createElement("form");
  form.hidden = true;
  Object.assign(form, { method: "post", action: url, target: iframe.name });
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "desk_token", value: token });
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}
