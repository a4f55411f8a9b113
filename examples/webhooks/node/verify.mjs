/* Checks that a request comes from your desk: the bytes as they came, not older than five minutes. */

import { createHmac } from "node:crypto";
import { timingSafeEqual } from "node:crypto";

const FRESH = 300; // seconds by which the desk's clock and yours may be apart, the way included
// The second one is there while the desk has two secrets, an old and a new one.
const SIGNATURES = ["x-chatwoot-signature", "x-deskframe-signature-next"];

/* The request is not to be believed; the message says why, for your log and for nobody else. */
export class Refused extends Error {}

/* The number of the delivery, to know it again. `headers` as Node has them, `body` a Buffer; read nothing of it before
   this has returned. Throws Refused where it is not signed with your secret, was signed too long ago, or has no number. */
export function verify(headers, body, secret, now = () => Date.now() / 1000) {
  const timestamp = headers["x-chatwoot-timestamp"] ?? "";
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(now() - Number(timestamp)) > FRESH) {
    throw new Refused("not signed within the last five minutes");
  }
  const digest = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  const expected = Buffer.from(`sha256=${digest}`);
  const came = SIGNATURES.map((name) => Buffer.from(headers[name] ?? ""));
  if (!came.some((signature) => isSame(signature, expected))) throw new Refused("not signed with our secret");
  const delivery = headers["x-chatwoot-delivery"] ?? "";
  if (!/^[0-9a-f-]{36}$/.test(delivery)) throw new Refused("not a delivery"); // it is not signed: take no other text
  return delivery;
}

function isSame(one, other) {
  return one.length === other.length && timingSafeEqual(one, other);
}
