"""Finding the keys that tokens for apps are signed with."""

from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from dashboard.apps.models.keys import SigningKey
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import UtcDateTime

_NOW = bindparam("now", type_=UtcDateTime)
_LASTING = or_(SigningKey.retire_at.is_(None), SigningKey.retire_at > _NOW)
_PUBLISHED = select(SigningKey).where(_LASTING).order_by(SigningKey.id.desc())
# Asked for every token, so that a key which was replaced is used by no process any more.
_ACTIVE = (
    select(SigningKey.kid, SigningKey.private_key)
    .where(_LASTING, SigningKey.active_from <= _NOW)
    .order_by(SigningKey.id.desc())
)


def published_keys() -> list[SigningKey]:
    """Every key that a token may be signed with, now or soon; the newest first."""
    # others change the rows, so what this session has read of them before does not count
    fresh = {"populate_existing": True}
    return list(db.session.scalars(_PUBLISHED, {"now": clock.now()}, execution_options=fresh))


def active_keys() -> list[tuple[str, str]]:
    """Names and sealed private halves of the keys that may sign, the one to sign with first."""
    return [(kid, sealed) for kid, sealed in db.session.execute(_ACTIVE, {"now": clock.now()})]


def last_key_number() -> int:
    return db.session.scalar(select(func.max(SigningKey.id))) or 0
