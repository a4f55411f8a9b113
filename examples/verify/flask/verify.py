"""Checks what a Deskframe has signed: who opened your app, in which conversation. Cryptography by PyJWT."""

import hashlib
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import jwt

SKEW = 60  # seconds by which clocks may differ
REQUIRED = ["iss", "aud", "azp", "sub", "iat", "nbf", "exp", "jti", "sid"]
# PyJWT asks the computer for the time. The published vectors are of another day, so we compare ourselves.
OPTIONS = {
    "require": REQUIRED,
    "strict_aud": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}


class Refused(Exception):
    """The token is not to be believed; the text says why, for your log and for nobody else."""


class Verifier:
    """One for each app. Make it once: it keeps the desk's keys for an hour, and fetches them again for a key
    that it does not know, at most every thirty seconds."""

    def __init__(
        self,
        *,
        desk: str,
        client_id: str,
        origin: str,
        jwks: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        self.desk, self.client_id, self.origin, self.now = desk, client_id, origin, now
        self.keys = jwt.PyJWKClient(jwks or f"{desk}/.well-known/jwks.json", lifespan=3600)
        self.used: dict[str, float] = {}  # with several processes: in something that they share

    def verify(self, token: str, kind: str, *, url: str = "") -> dict[str, Any]:
        """The claims of a token of the kind that you want, "launch" or "context". For a launch, `url` is the
        address that you were asked for.

        Raises:
            Refused: anything about it is wrong.
        """
        try:
            claims = self._read(token, kind)
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Refused(str(error)) from None
        if claims["azp"] != self.origin:
            raise Refused("made for another origin")
        if not claims["nbf"] - SKEW <= self.now() < claims["exp"] + SKEW:
            raise Refused("not at this time")
        if kind == "launch":
            self._check_launch(claims, url)
        return claims

    def _read(self, token: str, kind: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != f"deskframe-{kind}+jwt" or not header.get("kid"):
            raise Refused(f"not a {kind} token")
        key = self.keys.get_signing_key(header["kid"])
        audience = f"{self.client_id}/{kind}"
        return jwt.decode(
            token, key, algorithms=["ES256"], issuer=self.desk, audience=audience, options=OPTIONS
        )

    def _check_launch(self, claims: dict[str, Any], url: str) -> None:
        if claims.get("uh") != url_hash(url):
            raise Refused("made for another address")
        self.used = {jti: end for jti, end in self.used.items() if end > self.now()}
        if claims["jti"] in self.used:
            raise Refused("used before")
        self.used[claims["jti"]] = claims["exp"] + SKEW


def url_hash(url: str) -> str:
    """SHA-256 of origin, path and query: without the fragment, and without the token itself."""
    parts = urlsplit(url)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not pair.startswith("desk_token="))
    plain = f"{parts.scheme}://{parts.netloc}{parts.path or '/'}{query and f'?{query}'}"
    return urlsafe_b64encode(hashlib.sha256(plain.encode()).digest()).rstrip(b"=").decode()
