// A customer and an agent talk to each other, each with published clients: `node story.mjs URL ACCOUNT TOKEN`.

import actioncable from "@rails/actioncable";
import sdk from "@figuro/chatwoot-sdk";
import WebSocket from "ws";

const { adapters, createConsumer } = actioncable;
const ChatwootClient = sdk.default;
const PATIENCE = 15_000; // milliseconds

// What the client expects of a browser.
globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
globalThis.document ??= { visibilityState: "visible" };
adapters.WebSocket = WebSocket;

const [url, account, token] = process.argv.slice(2);
const accountId = Number(account);

/** A subscription, and a way to wait for what it is told. */
function subscribe(params) {
  const consumer = createConsumer(`${url.replace("http", "ws")}/cable`);
  const heard = [];
  const waiting = [];
  let settle;
  const answered = new Promise((resolve) => (settle = resolve));
  const subscription = consumer.subscriptions.create(
    { channel: "RoomChannel", ...params },
    {
      connected: () => settle("connected"),
      rejected: () => settle("rejected"),
      received(message) {
        heard.push(message);
        waiting.forEach((look) => look());
      },
    },
  );
  const hear = (wanted) =>
    within(
      new Promise((resolve) => {
        const look = () => {
          const found = heard.find(wanted);
          if (found) resolve(found.data);
        };
        waiting.push(look);
        look();
      }),
    );
  return { consumer, subscription, heard, hear, answered: within(answered) };
}

function within(promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("it did not happen")), PATIENCE));
  return Promise.race([promise, late]);
}

const said = (content) => ({ event, data }) => event === "message.created" && data.content === content;

const clientOf = (apiToken) =>
  new ChatwootClient({ config: { basePath: url, with_credentials: true, credentials: "include", token: apiToken } });

const agent = clientOf(token);
const me = await agent.profile.profile();
const inbox = await agent.inboxes.create({ accountId, data: { name: "Shop", channel: { type: "api", webhook_url: "" } } });
const inboxIdentifier = inbox.inbox_identifier;

const customer = clientOf("");
const contact = await customer.client.contacts.create({
  inboxIdentifier,
  data: { name: "Jane", email: "jane@example.com" },
});
const contactIdentifier = contact.source_id;

const desk = subscribe({ pubsub_token: me.pubsub_token, account_id: accountId, user_id: me.id });
const first = await desk.answered; // the customer hears who is there, and the agent must be by then
const shop = subscribe({ pubsub_token: contact.pubsub_token });
const stranger = subscribe({ pubsub_token: "nobody's" });
const answers = [first, ...(await Promise.all([shop.answered, stranger.answered]))];
const presence = await shop.hear(({ event }) => event === "presence.update");

const opened = await customer.client.conversations.create({ inboxIdentifier, contactIdentifier });

const created = await desk.hear(({ event, data }) => event === "conversation.created" && data.id === opened.id);
await customer.client.messages.create({
  inboxIdentifier,
  contactIdentifier,
  conversationId: opened.id,
  data: { content: "Where is my order?" },
});
const asked = await desk.hear(said("Where is my order?"));

const where = { accountId, conversationId: opened.id };
await agent.messages.create({ ...where, data: { content: "A nice one, let us look", private: true } });
await agent.messages.create({ ...where, data: { content: "On its way" } });
const answered = await shop.hear(said("On its way"));
const listed = await agent.messages.list(where);

desk.subscription.perform("update_presence");
const again = await desk.hear(({ event, data }) => event === "presence.update" && data.contacts[asked.sender.id]);
for (const { consumer } of [desk, shop, stranger]) consumer.disconnect();

console.log(
  JSON.stringify({
    answers,
    online: [presence.users[me.id], again.contacts[asked.sender.id]],
    created: created.meta.sender.name,
    asked: [asked.message_type, asked.sender.type, asked.sender.name, asked.inbox_id === inbox.id],
    answered: [answered.message_type, answered.sender.type],
    shop: shop.heard.filter(({ event }) => event === "message.created").map(({ data }) => data.content),
    listed: listed.payload.filter(({ message_type }) => message_type !== 2).map(({ content }) => content),
  }),
);
process.exit(0);
