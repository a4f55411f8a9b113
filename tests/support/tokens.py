"""Tokens as an app's server sees them: read by another library than the one that signs."""

from dataclasses import dataclass
from typing import Any

import jwt
from jwt import PyJWKSet

from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.operations.sessions import start_session
from dashboard.accounts.queries import sessions_of
from dashboard.apps.operations.keys import key_set

# The signature alone: what is in there is for the tests to look at, whatever time they have made it.
_NO_CLAIMS = {f"verify_{name}": False for name in ("aud", "exp", "iat", "nbf")}


@dataclass(frozen=True)
class Read:
    """What stands in a token whose signature holds."""

    header: dict[str, Any]
    claims: dict[str, Any]


def read(token: str) -> Read:
    kid = jwt.get_unverified_header(token)["kid"]
    key = PyJWKSet.from_dict(key_set())[kid]
    told = jwt.decode_complete(token, key, algorithms=["ES256"], options=_NO_CLAIMS)
    return Read(told["header"], told["payload"])


def sign_in(user: User) -> UserSession:
    """A browser of theirs."""
    start_session(user)
    return sessions_of(user.id)[-1]
