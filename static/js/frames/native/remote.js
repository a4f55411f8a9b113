/* What the server does for an app: it asks again whether the app was granted it and whether the agent may. */

import { Refusal } from "../../lib/native/request.js";
import { addressOf } from "../page.js";
import { askDesk } from "../page.js";
import { csrfHeaders } from "../page.js";

const PATIENCE = 10_000;
const CODES = new Map([[401, "denied_user"], [403, "denied_user"], [404, "denied_user"], [413, "too_large"], [429, "rate_limited"]]);

export async function askServer(params, { method, session, frame, signal, ctx }) {
  const letter = { method, params, conversation: Number(ctx.key) || null, session: session.id };
  const answer = await post(addressOf(frame.app.id, "calls"), letter, signal);
  if (!answer.ok) throw new Refusal(CODES.get(answer.status) ?? "internal", "", Number(answer.headers.get("Retry-After")) || null);
  const { ok, result, error } = await answer.json();
  if (!ok) throw new Refusal(error.code, error.message, error.retry_after ?? null);
  return result;
}

async function post(address, letter, signal) {
  const headers = { ...csrfHeaders(), "Content-Type": "application/json", Accept: "application/json" };
  const late = AbortSignal.timeout(PATIENCE);
  const how = { method: "POST", headers, body: JSON.stringify(letter), redirect: "error", signal: AbortSignal.any([signal, late]) };
  try {
    return await askDesk(address, how);
  } catch {
    throw new Refusal(late.aborted ? "timeout" : "internal");
  }
}
