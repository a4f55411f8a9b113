// A customer's chat: who they are, what was said, what is being said. The desk is asked by client.js, heard by cable.js.

import { connect } from "./cable.js";
import { clientOf } from "./client.js";
import { draw } from "./log.js";

const page = (id) => document.getElementById(id);
const place = new URLSearchParams(location.search);
const chat = page("chat");
const desk = (place.get("desk") ?? chat.dataset.desk).replace(/\/$/, "");
const inbox = place.get("inbox") ?? chat.dataset.inbox;
const client = clientOf(desk, inbox);
const kept = `chat ${desk} ${inbox}`;

const HERE_EVERY = 30_000; // milliseconds; the desk believes it for ninety seconds
const TYPING_FOR = 3000;
const TYPING_SHOWN = 30_000;

let cable, conversation = null, files = [], typingUntil, typingShown, typist;
const messages = new Map(); // by id, or by echo until there is one

async function start() {
  try {
    const found = await client.inbox();
    page("title").textContent = document.title = found.name;
  } catch {
    page("presence").textContent = "This chat is not reachable.";
    return;
  }
  page("presence").textContent = "";
  const session = JSON.parse(localStorage.getItem(kept) ?? "null");
  if (session) enter(session);
  else page("start").hidden = false;
}

page("start").addEventListener("submit", async (event) => {
  event.preventDefault();
  const about = Object.fromEntries(new FormData(event.target));
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    const session = await client.arrive(about);
    localStorage.setItem(kept, JSON.stringify(session));
    enter(session);
  } catch (error) {
    page("start-trouble").textContent = error.message;
  } finally {
    button.disabled = false;
  }
});

async function enter(session) {
  client.be(session);
  page("start").hidden = true;
  page("room").hidden = false;
  cable = connect(desk, session.pubsub_token, { hear, state });
  setInterval(iAmHere, HERE_EVERY);
  client.opened().catch(() => {});
  await catchUp();
  page("text").focus();
}

// What was missed while there was no connection is asked for: the desk repeats nothing.
async function catchUp() {
  try {
    conversation = conversation
      ? await client.conversation(conversation.id)
      : ((await client.conversations()).filter(({ status }) => status !== "resolved").at(-1) ?? null);
  } catch (error) {
    if (error.status === 404) forget();
    return;
  }
  for (const message of conversation?.messages ?? []) take(message);
  show();
}

function forget() {
  localStorage.removeItem(kept);
  location.reload();
}

function state(is) {
  chat.dataset.connection = is;
  if (is === "online") catchUp();
  else presence("Connecting again…", false);
}

function hear(event, data) {
  if (event === "presence.update") return someoneIsHere(Object.values(data.users ?? {}));
  const about = event.startsWith("message.") ? data.conversation_id : (data.conversation?.id ?? data.id);
  if (conversation && about !== conversation.id) return;
  note(data.conversation ?? data);
  if (event === "message.created" || event === "message.updated") {
    if (data.sender?.type === "user" && data.sender.id === typist) theyType(null);
    take(data);
    show();
  } else if (event === "conversation.typing_on" && !data.is_private) theyType(data.user);
  else if (event === "conversation.typing_off" && data.user?.id === typist) theyType(null);
  else if (event === "conversation.created" && !conversation) catchUp();
}

// Most of what happens tells also when the conversation was last seen at the desk.
function note({ agent_last_seen_at: seenAt }) {
  if (!conversation || seenAt === undefined || seenAt === conversation.agent_last_seen_at) return;
  conversation.agent_last_seen_at = seenAt;
  show();
}

// A message that was just written here is known by its echo until the desk has numbered it.
function take(message) {
  if (message.echo_id) messages.delete(message.echo_id);
  messages.set(message.id, { ...messages.get(message.id), ...message });
}

function show() {
  draw(page("log"), [...messages.values()], conversation?.agent_last_seen_at ?? 0, { retry: say, choose });
  if (conversation && document.visibilityState === "visible") client.seen(conversation.id).catch(() => {});
}

async function say(content, sent, echo = crypto.randomUUID()) {
  const now = Date.now() / 1000;
  messages.set(echo, { echo_id: echo, content, files: sent, message_type: 0, created_at: now, pending: true });
  show();
  try {
    conversation ??= await client.begin();
    const message = await client.say(conversation.id, content, sent, echo);
    take({ ...message, echo_id: echo });
    trouble("");
  } catch (error) {
    Object.assign(messages.get(echo) ?? {}, { pending: false, failed: true });
    trouble(error.message);
  }
  show();
}

async function choose(id, values) {
  try {
    take(await client.choose(conversation.id, id, values));
  } catch (error) {
    trouble(error.message);
  }
  show();
}

page("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const content = page("text").value.trim();
  if (!content && !files.length) return;
  say(content, files);
  page("text").value = "";
  attach([]);
  iType(false);
});

page("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    page("composer").requestSubmit();
  }
});
page("text").addEventListener("input", () => iType(true));

function iType(isTyping) {
  const was = Boolean(typingUntil);
  clearTimeout(typingUntil);
  typingUntil = isTyping ? setTimeout(() => iType(false), TYPING_FOR) : null;
  if (conversation && was !== isTyping) client.typing(conversation.id, isTyping).catch(() => {});
}

function theyType(user) {
  clearTimeout(typingShown);
  typist = user?.id;
  page("typing").textContent = user ? `${user.name} is typing…` : "";
  if (user) typingShown = setTimeout(() => theyType(null), TYPING_SHOWN);
}

function someoneIsHere(availabilities) {
  if (availabilities.includes("online")) presence("We are online", true);
  else if (availabilities.includes("busy")) presence("We are busy and answer soon", true);
  else presence("We answer as soon as we are back", false);
}

function presence(text, isOnline) {
  page("presence").textContent = text;
  page("presence").toggleAttribute("data-online", isOnline);
}

async function iAmHere() {
  cable.iAmHere();
  if (conversation) await catchUp();
}

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && catchUp());

page("picker").addEventListener("change", ({ target }) => {
  attach([...files, ...target.files]);
  target.value = "";
});
const room = page("room");
room.addEventListener("dragover", (event) => {
  event.preventDefault();
  room.toggleAttribute("data-dropping", true);
});
room.addEventListener("dragleave", () => room.removeAttribute("data-dropping"));
room.addEventListener("drop", (event) => {
  event.preventDefault();
  room.removeAttribute("data-dropping");
  attach([...files, ...event.dataTransfer.files]);
});
page("text").addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) attach([...files, ...event.clipboardData.files]);
});

function attach(chosen) {
  files = chosen;
  page("files").replaceChildren(...files.map((file) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    button.setAttribute("aria-label", `Remove ${file.name}`);
    button.addEventListener("click", () => attach(files.filter((each) => each !== file)));
    item.append(file.name, button);
    return item;
  }));
}

function trouble(text) {
  page("trouble").textContent = text;
}

start();
