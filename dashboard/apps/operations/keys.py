"""The keys that tokens for apps are signed with: made when the first is needed, replaced by command."""

import json
from datetime import datetime
from datetime import timedelta
from functools import lru_cache
from typing import Any

from joserfc.jwk import ECKey
from sqlalchemy import delete
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from dashboard.apps.models.keys import SigningKey
from dashboard.apps.queries.keys import active_keys
from dashboard.apps.queries.keys import last_key_number
from dashboard.apps.queries.keys import published_keys
from dashboard.apps.schemas.tokens import ALGORITHM
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.sealing import seal
from dashboard.lib.sealing import unseal
from dashboard.lib.text import N_
from dashboard.transactions import transaction
from dashboard.transactions import writing

NOTICE = timedelta(hours=24)  # a key is published for so long before it signs, and after it has signed
PURPOSE = "signing key"
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_UNSYNCHRONISED = {"synchronize_session": False}


def signing_key() -> ECKey:
    """The key to sign with just now. Every process asks the database which one that is."""
    key = _first_readable()
    if key is None:
        _make_key()
        key = _first_readable()
    assert key is not None
    return key


def key_set() -> dict[str, Any]:
    """The public halves, as verifiers fetch them."""
    keys = published_keys()
    if not keys:
        _make_key()
        keys = published_keys()
    return {"keys": [key.public_jwk for key in keys]}


def rotate_keys() -> SigningKey:
    """Publish a new key, which signs from tomorrow on; verifiers know it by then. The old one stays a day.

    Raises:
        Invalid: a new key is waiting already.
    """
    signing_key()
    number = last_key_number() + 1
    if any(key.active_from > clock.now() for key in published_keys()):
        raise Invalid("keys", N_("a new key is published already and waits for its day."))
    begin = clock.now() + NOTICE
    return _succeed(number, begin, until=begin + NOTICE)


def replace_keys() -> SigningKey:
    """Sign with a new key at once. All others are thrown away: somebody else may have them."""
    with transaction():
        added = _succeed(last_key_number() + 1, clock.now(), until=clock.now())
        db.session.execute(
            delete(SigningKey).where(SigningKey.id < added.id), execution_options=_UNSYNCHRONISED
        )
    return added


def _first_readable() -> ECKey | None:
    """After SECRET_KEY was changed there may be none: what it has sealed stays closed."""
    found = (_opened(sealed, settings().secret_key) for _, sealed in active_keys())
    return next((key for key in found if key is not None), None)


@lru_cache(maxsize=8)
def _opened(sealed: str, secret_key: str) -> ECKey | None:
    private = unseal(sealed, secret_key=secret_key, purpose=PURPOSE)
    return ECKey.import_key(json.loads(private)) if private else None


def _make_key() -> None:
    """The first one, or one that can be read again, unless somebody else was quicker: the number is looked up
    before the keys are, so that it is taken if one was added since."""
    with writing():
        number = last_key_number() + 1
        if _first_readable() is None:
            _succeed(number, clock.now(), until=clock.now() + NOTICE)


def _succeed(number: int, begin: datetime, *, until: datetime) -> SigningKey:
    """Add a key that signs from `begin` on, with the others leaving at `until`. Where another process has
    done the same meanwhile, its key is the one."""
    with transaction():
        insert = _INSERT[db.session.get_bind().dialect.name]
        row = _new_row(number, begin)
        db.session.execute(
            insert(SigningKey).values(row).on_conflict_do_nothing(index_elements=[SigningKey.id])
        )
        now = clock.now()
        old = SigningKey.id < number
        gone = delete(SigningKey).where(old, SigningKey.retire_at <= now)
        leaving = update(SigningKey).where(old, SigningKey.retire_at.is_(None)).values(retire_at=until)
        for change in (gone, leaving):
            db.session.execute(change, execution_options=_UNSYNCHRONISED)
    return db.session.get_one(SigningKey, number)


def _new_row(number: int, begin: datetime) -> dict[str, Any]:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    private = json.dumps(key.as_dict(private=True))
    return {
        "id": number,
        "kid": key.kid,
        "public_jwk": key.as_dict(private=False),
        "private_key": seal(private, secret_key=settings().secret_key, purpose=PURPOSE),
        "created_at": clock.now(),
        "active_from": begin,
    }
