"""Keyed digests: that somebody is who they say, and that a body is ours."""

import hmac

from dashboard.lib.tokens import same


def identity_hash(key: str, identifier: str) -> str:
    """What a server that knows `key` says of one of its people: HMAC-SHA256 in hex."""
    return hmac.digest(key.encode(), identifier.encode(), "sha256").hex()


def vouches_for(key: str, identifier: str, claimed: str) -> bool:
    """Whether that hash is the identifier's, in constant time."""
    return same(identity_hash(key, identifier), claimed)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What a receiver recomputes over the bytes that came: `sha256=` and the HMAC of time, dot and body."""
    message = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.digest(secret.encode(), message, "sha256").hex()
