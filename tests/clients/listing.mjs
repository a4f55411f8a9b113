// Runs a listing of the documents beside a desk: `node listing.mjs URL PUBSUB_TOKEN < listing`.
// Says "subscribed" when it is, and then what the listing prints or shows.

import { text } from "node:stream/consumers";

import actioncable from "@rails/actioncable";
import WebSocket from "ws";

const [url, pubsub_token] = process.argv.slice(2);

class Watched extends WebSocket {
  constructor(address, protocols) {
    super(address.replace("wss://desk.example.com", url.replace("http", "ws")), protocols);
    this.addEventListener("message", ({ data }) => {
      if (JSON.parse(data).type === "confirm_subscription") console.log("subscribed");
    });
  }
}

// What the client expects of a browser.
globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
globalThis.document ??= { visibilityState: "visible" };
actioncable.adapters.WebSocket = Watched;

const known = {
  WebSocket: Watched,
  createConsumer: actioncable.createConsumer,
  contact: { pubsub_token },
  session: { pubsub_token },
  show: ({ content }) => console.log(content),
};
const listing = (await text(process.stdin)).replace('import { createConsumer } from "@rails/actioncable";\n', "");
new Function(...Object.keys(known), listing)(...Object.values(known));
