"""Whether a token is still good, for an app that is about to do something that cannot be undone."""

from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jwk import GuestProtocol
from joserfc.jwt import JWTClaimsRegistry
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from dashboard.accounts.queries import member_of
from dashboard.accounts.queries import sessions_of
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.keys import UsedToken
from dashboard.apps.operations.tokens import login_mark
from dashboard.apps.operations.tokens import url_hash
from dashboard.apps.permissions import is_for
from dashboard.apps.queries.apps import app_of_client
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.queries.keys import published_keys
from dashboard.apps.schemas.tokens import ALGORITHM
from dashboard.apps.schemas.tokens import KIND_OF_TYP
from dashboard.apps.schemas.tokens import LAUNCH
from dashboard.apps.schemas.tokens import REQUIRED
from dashboard.apps.schemas.tokens import SKEW
from dashboard.apps.schemas.tokens import Kind
from dashboard.conversations.queries.summaries import conversation_of
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.lib import clock
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.tokens import same
from dashboard.transactions import writing

_HEADER = {"alg", "kid", "typ"}
_ESSENTIAL: Any = {name: {"essential": True, "allow_blank": True} for name in REQUIRED}
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
# What a reader of tokens stumbles over when somebody sends it anything at all.
_UNREADABLE = (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


def introspect(token: str, *, url: str | None = None) -> dict[str, Any]:
    """What the token says, if all of it holds at this moment; otherwise only that it does not.

    A launch token is good for one question; with `url`, for that address only.
    """
    kind, claims = _read(token)
    if kind is None or not _holds(kind, claims):
        return {"active": False}
    if kind is LAUNCH and not (_is_for(url, claims) and _use_up(claims)):
        return {"active": False}
    return {"active": True, "kind": kind.name, **claims}


def _read(token: str) -> tuple[Kind | None, dict[str, Any]]:
    """The kind and the claims of a token that we have signed and whose time it is."""
    rules = JWTClaimsRegistry(now=clock.epoch(clock.now()), leeway=int(SKEW.total_seconds()), **_ESSENTIAL)
    try:
        found = jwt.decode(token, _key_of, algorithms=[ALGORITHM])
        rules.validate(found.claims)
        kind = KIND_OF_TYP[found.header["typ"]]
    except _UNREADABLE:
        return None, {}
    return (kind, found.claims) if set(found.header) == _HEADER else (None, {})


def _key_of(signed: GuestProtocol) -> ECKey:
    """Found by its name among our own: whatever key a token brings along is not asked."""
    known = {key.kid: key.public_jwk for key in published_keys()}
    return ECKey.import_key(known[signed.headers()["kid"]])


def _holds(kind: Kind, claims: dict[str, Any]) -> bool:
    app = app_of_client(claims["aud"].removesuffix(f"/{kind.name}"))
    if app is None or claims["aud"] != kind.audience(app.client_id) or claims["acct"] != app.account_id:
        return False
    if settings().public_url not in {None, claims["iss"]}:
        return False
    return claims["azp"] in {origin_of(url) for url in app.urls} and _is_agent(app, claims)


def _is_agent(app: DashboardApp, claims: dict[str, Any]) -> bool:
    """Whether whom the token names is still signed in, in the account, and what they were."""
    agent = claims["agent"]
    try:
        member = member_of(app.account_id, agent["id"])
        conversation = conversation_of(member, claims["conv"]["id"]) if "conv" in claims else None
        app_seen_by(member, app.id)
    except (NotFound, NotAllowed):
        return False
    if member.is_waiting or member.role != agent["role"] or (conversation and not is_for(app, conversation)):
        return False
    mark = claims["sid"].rpartition(".")[2]
    return any(same(login_mark(login), mark) for login in sessions_of(agent["id"]))


def _is_for(url: str | None, claims: dict[str, Any]) -> bool:
    try:
        return "uh" in claims and (url is None or same(url_hash(url), claims["uh"]))
    except Invalid:
        return False


def _use_up(claims: dict[str, Any]) -> bool:
    """Whether it was not used before. It is kept until clocks can no longer disagree about its end."""
    insert = _INSERT[db.session.get_bind().dialect.name]
    end = clock.from_epoch(claims["exp"]) + SKEW
    use = insert(UsedToken).values(jti=claims["jti"], expires_at=end).on_conflict_do_nothing()
    with writing():
        db.session.execute(delete(UsedToken).where(UsedToken.expires_at < clock.now()))
        return db.session.scalar(use.returning(UsedToken.jti)) is not None
