import type { Order } from "./useOrders";

interface Props {
  order: Order;
  isPinned: boolean;
  onDraft?: (order: Order) => void;
  onPin?: (order: Order) => void;
}

const euros = new Intl.NumberFormat(undefined, { style: "currency", currency: "EUR" });

export function OrderRow({ order, isPinned, onDraft, onPin }: Props) {
  return (
    <li>
      <div>
        <b>{order.title}</b>
        <b>{euros.format(order.total)}</b>
        <small>{order.number}</small>
        <small>{order.status}</small>
      </div>
      <p className="actions">
        {onDraft && <button type="button" onClick={() => onDraft(order)}>Draft a reply</button>}
        {onPin && <button type="button" aria-pressed={isPinned} onClick={() => onPin(order)}>It is about this one</button>}
      </p>
    </li>
  );
}
