/* An administrator may have changed what an app is called or may do: it is held to that from now on, and told. */

import { fetchWelcome } from "./host.js";

export async function resettle(session) {
  const mine = (session.settling = {});
  const answer = await fetchWelcome(session.frame, session.host.conversation.key);
  const told = answer?.ok ? await answer.json() : null;
  if (!told || session.settling !== mine) return;
  const { app: { version, title }, granted } = told;
  if (JSON.stringify([title, granted]) === JSON.stringify([session.app.title, session.granted])) return;
  Object.assign(session, { app: { ...session.app, version, title }, granted });
  session.tell("settings.changed", { app: session.app, granted });
}
