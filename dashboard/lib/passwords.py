"""Password hashes: argon2id with OWASP's profile, one hash per core at a time."""

import os
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from argon2.exceptions import InvalidHashError

SHORTEST = 8
LONGEST = 128  # characters, upstream's limit too

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# A burst of sign-ins must not take every thread and every core from the people at work.
_cores = BoundedSemaphore(os.cpu_count() or 1)


def hash_password(password: str) -> str:
    with _cores:
        return _hasher.hash(password)


def password_matches(password: str, hashed: str | None) -> bool:
    """Whether it is the password; takes as long where there is none, so that nobody learns who exists."""
    with _cores:
        try:
            return _hasher.verify(hashed or _NOBODY, password) and hashed is not None
        except (Argon2Error, InvalidHashError):
            return False


_NOBODY = _hasher.hash(os.urandom(16).hex())
