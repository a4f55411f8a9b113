"""Signed tokens: what an app's server can believe, though they reach it through somebody's browser."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.parse import urlunsplit

from joserfc import jwt

from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.queries import member_of
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.keys import signing_key
from dashboard.apps.schemas.tokens import ALGORITHM
from dashboard.apps.schemas.tokens import CONTEXT
from dashboard.apps.schemas.tokens import FIELD
from dashboard.apps.schemas.tokens import LAUNCH
from dashboard.apps.schemas.tokens import LONGEST_SESSION
from dashboard.apps.schemas.tokens import Kind
from dashboard.conversations.models import Conversation
from dashboard.extensions import desk_url
from dashboard.extensions import settings
from dashboard.lib import clock
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.lib.tokens import new_token

_SESSION = re.compile(rf"[A-Za-z0-9_-]{{0,{LONGEST_SESSION}}}")


def context_token(
    app: DashboardApp,
    *,
    agent: User,
    login: UserSession | None,
    conversation: Conversation | None,
    session: str,
    placement: str,
) -> tuple[str, datetime]:
    """Who looks at what in which app, for two minutes; and when that ends. `session` is the frame's, as the
    agent's page calls it; with the sign-in `login` the token's introspection ends too.

    Raises:
        NotFound: the agent is not in the account.
        Invalid: the session has no usable name.
    """
    about = {
        "azp": origin_of(app.urls[0]),
        "sid": session_id(login, session),
        "plc": placement,
        **_claims(app, agent, conversation),
    }
    return _signed(CONTEXT, app, about)


def launch_token(
    app: DashboardApp,
    *,
    url: str,
    agent: User,
    login: UserSession | None,
    conversation: Conversation | None,
    placement: str,
) -> tuple[str, datetime]:
    """The same for the request that opens the app at `url`, and for no other: for one minute and one use.

    Raises:
        NotFound: the agent is not in the account.
    """
    about = {
        "azp": origin_of(url),
        "sid": session_id(login, new_token()),
        "plc": placement,
        "uh": url_hash(url),
        **_claims(app, agent, conversation),
    }
    return _signed(LAUNCH, app, about)


def session_id(login: UserSession | None, frame: str) -> str:
    """The frame's session and, after a dot, a mark of the sign-in that it stands in. Who reads it cannot get
    from the mark to the sign-in; we find it among those that the agent still has."""
    if not _SESSION.fullmatch(frame):
        raise Invalid("session", N_("is invalid"))
    return f"{frame or new_token()}.{login_mark(login) if login else ''}"


def login_mark(login: UserSession) -> str:
    return _text(hmac.digest(settings().secret_key.encode(), f"sign-in {login.digest}".encode(), "sha256"))[
        :22
    ]


def url_hash(url: str) -> str:
    """Of the address as a server is asked for it: without the fragment, and without the token.

    Raises:
        Invalid: no app could have that address.
    """
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair.partition("=")[0] != FIELD]
    query = f"?{'&'.join(pairs)}" if any(pairs) else ""
    origin = origin_of(f"{parts.scheme}://{parts.netloc}")
    return _text(hashlib.sha256(f"{origin}{parts.path or '/'}{query}".encode()).digest())


def with_token(url: str, token: str) -> str:
    """The address with the token as its last query parameter."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, f"{FIELD}={token}")))))


def _claims(app: DashboardApp, agent: User, conversation: Conversation | None) -> dict[str, Any]:
    """Cut to what the app may see, as its context is."""
    return {
        "sub": f"agent:{agent.id}",
        "acct": app.account_id,
        "agent": _agent(app, agent),
        "scope": " ".join(sorted(app.scopes)),
        **(_about(conversation, app.scopes) if conversation else {}),
    }


def _agent(app: DashboardApp, agent: User) -> dict[str, Any]:
    role = member_of(app.account_id, agent.id).role
    return {"id": agent.id, "role": role, **({"email": agent.email} if "agent.email" in app.scopes else {})}


def _about(conversation: Conversation, scopes: Collection[str]) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    if "conversation.basic" in scopes:
        claims["conv"] = {"id": conversation.display_id, "inbox_id": conversation.inbox_id}
    if "contact.basic" in scopes:
        contact = conversation.contact
        known = {"identifier": contact.identifier} if "contact.private" in scopes else {}
        verified = conversation.contact_inbox.hmac_verified
        claims["contact"] = {"id": contact.id, **known, "verified": verified}
    return claims


def _signed(kind: Kind, app: DashboardApp, about: dict[str, Any]) -> tuple[str, datetime]:
    now = clock.now()
    ends = clock.from_epoch(int(now.timestamp()) + kind.lifetime.total_seconds())
    key = signing_key()
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": kind.typ}
    begun = clock.epoch(now)
    claims = {
        "iss": desk_url(),
        "aud": kind.audience(app.client_id),
        "iat": begun,
        "nbf": begun,
        "exp": clock.epoch(ends),
        "jti": new_token(),
        "seq": int(now.timestamp() * 1000),  # of two tokens the greater is the newer
        **about,
    }
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM]), ends


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
