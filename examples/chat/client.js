// The client API: what a customer's program may ask. No key is needed but the inbox's identifier and the session.

export class Refused extends Error {
  constructor(status, answer) {
    super(answer?.error ?? answer?.message ?? `The desk answered ${status}.`);
    this.status = status;
  }
}

export function clientOf(desk, inbox) {
  const home = `${desk}/public/api/v1/inboxes/${encodeURIComponent(inbox)}`;
  let me = "";

  async function ask(path, body, method = body === undefined ? "GET" : "POST") {
    const options = { method };
    if (body instanceof FormData) options.body = body;
    else if (body !== undefined) {
      options.body = JSON.stringify(body);
      options.headers = { "Content-Type": "application/json" };
    }
    const response = await fetch(home + path, options);
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }

  return {
    be(session) { me = `/contacts/${encodeURIComponent(session.source_id)}`; },
    inbox: () => ask(""),
    arrive: (about) => ask("/contacts", about),
    opened: () => ask(`${me}/events`, { name: "webwidget.triggered" }),
    conversations: () => ask(`${me}/conversations`),
    begin: () => ask(`${me}/conversations`, {}),
    conversation: (id) => ask(`${me}/conversations/${id}`),
    typing: (id, isTyping) => ask(`${me}/conversations/${id}/toggle_typing`, { typing_status: isTyping ? "on" : "off" }),
    seen: (id) => ask(`${me}/conversations/${id}/update_last_seen`, {}),
    choose: (id, message, values) => ask(`${me}/conversations/${id}/messages/${message}`, { submitted_values: values }, "PATCH"),
    say(id, content, files, echo) {
      const form = new FormData();
      form.append("content", content);
      form.append("echo_id", echo);
      for (const file of files) form.append("attachments[]", file);
      return ask(`${me}/conversations/${id}/messages`, form);
    },
  };
}
