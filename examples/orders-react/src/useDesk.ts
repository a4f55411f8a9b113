// The desk as React sees it: who frames this page, and whom the agent is looking at.
import { useEffect, useState } from "react";
import type { Context, Desk } from "./sdk/v1";

type Sdk = typeof import("./sdk/v1");

export type Found =
  | { state: "waiting" | "alone" | "silent" }
  | { state: "here"; desk: Desk; context: Context };

// Which desks may frame this page, the first of them with the SDK. It stands in index.html, so that the built files
// can be put up for another desk as they are.
const HOSTS = document.querySelector<HTMLMetaElement>("meta[name=desk]")!.content.split(" ");

// Once for the page, however often React mounts what asks.
let connection: Promise<Desk> | null = null;

async function connected(): Promise<Desk> {
  const sdk: Sdk = await import(/* @vite-ignore */ `${HOSTS[0]}/sdk/v1.js`);
  return sdk.connect({ host: HOSTS, name: "orders-react", version: "1" });
}

export function useDesk(): Found {
  const [found, setFound] = useState<Found>({ state: window.parent === window ? "alone" : "waiting" });
  const isFramed = found.state !== "alone";

  useEffect(() => {
    if (!isFramed) return undefined;
    let isMounted = true;
    const stops: (() => void)[] = [];
    connection ??= connected();
    connection.then(
      (desk) => {
        if (!isMounted) return;
        const look = () => (document.documentElement.dataset.theme = desk.theme);
        look();
        stops.push(desk.onEnv(look));
        stops.push(desk.onContext((context) => setFound({ state: "here", desk, context })));
        stops.push(desk.onSettings(() => setFound((now) => ({ ...now })))); // what it may do has changed: drawn anew
      },
      () => isMounted && setFound({ state: "silent" }),
    );
    return () => {
      isMounted = false;
      stops.forEach((stop) => stop());
    };
  }, [isFramed]);

  return found;
}
