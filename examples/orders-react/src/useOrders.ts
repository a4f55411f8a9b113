// The orders of one customer. A real app asks its own server here, with its own sign-in; this one has a file.
import { useCallback, useEffect, useState } from "react";

export interface Order {
  number: string;
  title: string;
  total: number;
  status: "In transit" | "Delivered" | "Returned";
}

export type Orders = { state: "loading" | "failed" } | { state: "loaded"; orders: Order[] };

export function useOrders(email: string): [Orders, () => void] {
  const [orders, setOrders] = useState<Orders>({ state: "loading" });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    // The agent may go on to the next customer before the answer is there: then nobody waits for it any more.
    const gone = new AbortController();
    setOrders({ state: "loading" });
    ordersOf(email, gone.signal).then(
      (found) => gone.signal.aborted || setOrders({ state: "loaded", orders: found }),
      () => gone.signal.aborted || setOrders({ state: "failed" }),
    );
    return () => gone.abort();
  }, [email, attempt]);

  return [orders, useCallback(() => setAttempt((count) => count + 1), [])];
}

async function ordersOf(email: string, signal: AbortSignal): Promise<Order[]> {
  if (!email) return [];
  const response = await fetch("orders.json", { signal });
  if (!response.ok) throw new Error(`orders.json: ${response.status}`);
  const customers: Record<string, Order[]> = await response.json();
  return Object.hasOwn(customers, email) ? customers[email] : [];
}
