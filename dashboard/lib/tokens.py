"""Random tokens and the digests under which they are kept."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def new_token(length: int = 24) -> str:
    """A random base58 token; 24 characters are 140 bits, the length that upstream's clients know."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def any_of(words: Sequence[str]) -> str:
    """One of them, by chance."""
    return secrets.choice(words)


def about(amount: float) -> float:
    """That much or up to a fifth less: so that those who wait do not all come back at the same time."""
    return amount * (0.8 + secrets.randbelow(201) / 1000)


def digest(token: str) -> str:
    """What is stored of a token that is only ever compared: its SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
