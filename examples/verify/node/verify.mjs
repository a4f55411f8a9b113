/* Checks what a Deskframe has signed: who opened your app, in which conversation. jose does the cryptography. */

import { createHash } from "node:crypto";
import { createRemoteJWKSet } from "jose";
import { jwtVerify } from "jose";

const SKEW = 60; // seconds by which clocks may differ
const REQUIRED = ["azp", "sub", "iat", "nbf", "exp", "jti", "sid"];

/* One for each app. Make it once: it keeps the desk's keys for an hour, and fetches them again for a key that it does
   not know, at most every thirty seconds. */
export function makeVerifier({ desk, clientId, origin, jwks, now = () => Date.now() / 1000 }) {
  const keys = createRemoteJWKSet(new URL(jwks ?? `${desk}/.well-known/jwks.json`), { cacheMaxAge: 3_600_000 });
  const used = new Map(); // with several processes: in something that they share

  /* The claims of a token of the kind that you want, "launch" or "context"; throws where anything about it is wrong.
     For a launch, `url` is the address that you were asked for. */
  return async function verify(token, kind, { url } = {}) {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ["ES256"],
      typ: `deskframe-${kind}+jwt`,
      issuer: desk,
      audience: `${clientId}/${kind}`,
      requiredClaims: REQUIRED,
      clockTolerance: SKEW,
      currentDate: new Date(now() * 1000),
    });
    if (!protectedHeader.kid) throw new Error("names no key");
    if (payload.azp !== origin) throw new Error("made for another origin");
    if (kind === "launch") checkLaunch(payload, url);
    return payload;
  };

  function checkLaunch({ jti, exp, uh }, url) {
    if (uh !== urlHash(url)) throw new Error("made for another address");
    for (const [old, end] of used) if (end <= now()) used.delete(old);
    if (used.has(jti)) throw new Error("used before");
    used.set(jti, exp + SKEW);
  }
}

/* SHA-256 of origin, path and query: without the fragment, and without the token itself. */
export function urlHash(url) {
  const { origin, pathname, search } = new URL(url);
  const pairs = search.slice(1).split("&").filter((pair) => pair && !pair.startsWith("desk_token="));
  const query = pairs.length ? `?${pairs.join("&")}` : "";
  return createHash("sha256").update(origin + pathname + query).digest("base64url");
}
