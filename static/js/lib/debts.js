/* What a page owes its reader after what it has heard: which rows, which messages, whether the thread. No DOM. */

export const HEARD = [
  "message.created", "message.updated",
  "conversation.created", "conversation.updated", "conversation.status_changed", "conversation.read", "assignee.changed",
  "contact.updated", "contact.merged", "contact.deleted", "bots.changed",
];
const TRAILING = 40;
const APART = 1000;
const UNSEEN = 10_000;
const ON_ITS_WAY = 5000;

/* When to ask: soon after the first word of a burst, and at most once a second; on a page that nobody sees, seldom. */
export function waitFor(now, asked, isHidden = false) {
  return isHidden ? UNSEEN : Math.max(TRAILING, asked + APART - now);
}

export class Debts {
  constructor() {
    this.heard = new Map(); // conversation → when something was heard of it
    this.clear();
  }

  clear() {
    this.rows = new Set();
    this.contacts = new Set();
    this.messages = new Set();
    this.thread = false;
    this.first = false;
  }

  get areOwed() {
    return this.rows.size + this.contacts.size + this.messages.size > 0 || this.thread || this.first;
  }

  /* `page` is {open, contact, now}: the number of the conversation beside the list, and who writes there. */
  note(event, data, page) {
    if (event === "bots.changed") this.thread = true;
    else if (event.startsWith("contact.")) this.noteContact(event, data, page);
    else if (event.startsWith("message.")) this.noteMessage(event, data, page);
    else this.noteConversation(data.id, page);
  }

  noteConversation(id, page) {
    this.rows.add(id);
    this.heard.set(id, page.now);
    if (id === page.open) this.thread = true;
  }

  /* A conversation has been opened; true where something was heard of it that it may not show yet. */
  noteOpened(id, now) {
    for (const [each, time] of this.heard) if (now - time > ON_ITS_WAY) this.heard.delete(each);
    if (!this.heard.has(id)) return false;
    this.thread = true;
    return true;
  }

  noteMessage(event, data, page) {
    this.noteConversation(data.conversation_id, page);
    if (event === "message.updated" && data.conversation_id === page.open) this.messages.add(data.id);
  }

  noteContact(event, data, page) {
    this.contacts.add(data.id);
    if (data.id === page.contact) this.thread = true;
  }

  /* Everything in sight may be out of date: nothing was heard for a while. */
  noteSilence({ shown, messages }) {
    this.first = true;
    this.thread = true;
    for (const id of shown) this.rows.add(id);
    for (const id of messages) this.messages.add(id);
  }

  /* The question, and nothing owed any more. `page` has `after`, the last message of the thread, `shown`, the
     rows, and `sent`, the names of what was sent and has no answer yet. */
  settle(page) {
    const query = new URLSearchParams();
    const list = (name, values) => values.length && query.set(name, values.join(","));
    list("rows", [...this.rows]);
    list("contacts", [...this.contacts]);
    list("shown", page.shown);
    if (this.first) query.set("first", "1");
    if (this.thread && page.open) {
      query.set("open", page.open);
      query.set("after", page.after);
      list("messages", [...this.messages]);
      list("sent", page.sent ?? []);
    }
    this.clear();
    return query;
  }
}
