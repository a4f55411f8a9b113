"""What stands in the database but may only be read with the desk's secret key."""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, *, secret_key: str, purpose: str) -> str:
    """The text, encrypted. What is sealed for one purpose cannot be opened for another."""
    return _box(secret_key, purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, secret_key: str, purpose: str) -> str | None:
    """What was sealed; None where that was another key or purpose, or it was changed since."""
    try:
        return _box(secret_key, purpose).decrypt(sealed).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=8)
def _box(secret_key: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"deskframe {purpose}".encode())
    return Fernet(urlsafe_b64encode(derived.derive(secret_key.encode())))
