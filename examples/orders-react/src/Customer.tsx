import { useState } from "react";
import { Notice } from "./Notice";
import { OrderRow } from "./OrderRow";
import type { Context, Desk } from "./sdk/v1";
import type { Order } from "./useOrders";
import { useOrders } from "./useOrders";

export function Customer({ desk, context }: { desk: Desk; context: Context }) {
  const { contact, conversation } = context;
  const email = (contact.email ?? "").trim().toLowerCase();
  const [orders, again] = useOrders(email);
  const [said, setSaid] = useState("");

  // An action that was not granted has no button: a desk that only speaks Chatwoot's protocol grants none.
  const may = (action: string) => desk.granted?.actions.includes(action) ?? false;
  // And one that was granted may still be refused: the agent may not do it, or has gone on to the next conversation.
  const ask = (asked: Promise<unknown>, done: string) =>
    asked.then(() => setSaid(done), (error: Error) => setSaid(error.message));

  const pinned = conversation.custom_attributes?.order;
  const draft = ({ number, title }: Order) =>
    ask(desk.reply.insert({ text: `Hello ${contact.name}, about your order ${number} (${title}): ` }), "It is in your draft.");
  const pin = ({ number }: Order) => {
    const order = number === pinned ? null : number;
    ask(desk.attributes.set({ of: "conversation", values: { order } }), order ? "Noted." : "Taken away.");
  };

  return (
    <main>
      <header>
        <h1>{contact.name || email || "Unknown"}</h1>
        <p>{[email, conversation.id && `conversation ${conversation.id}, ${conversation.status}`].filter(Boolean).join(" · ")}</p>
      </header>
      {orders.state === "loading" && <Notice isBusy title="Looking for orders…" />}
      {orders.state === "failed" && <Notice title="Orders cannot be loaded" again={again}>The shop did not answer.</Notice>}
      {orders.state === "loaded" && orders.orders.length === 0 && (
        <Notice title="No orders yet">{email ? `Nobody has ordered with ${email}.` : "Orders are found by e-mail, and this contact has none."}</Notice>
      )}
      {orders.state === "loaded" && orders.orders.length > 0 && (
        <ul>
          {orders.orders.map((order) => (
            <OrderRow
              key={order.number}
              order={order}
              isPinned={order.number === pinned}
              onDraft={may("reply.insert") ? draft : undefined}
              onPin={may("attributes.set") ? pin : undefined}
            />
          ))}
        </ul>
      )}
      <p role="status">{said}</p>
    </main>
  );
}
