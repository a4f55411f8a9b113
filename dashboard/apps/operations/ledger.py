"""Writing the ledger: each app, origin, contact and day is one row, and each process writes it once."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.disclosures import AppDisclosure
from dashboard.apps.operations.events import BATCH
from dashboard.apps.operations.events import kept_from
from dashboard.apps.serializers import pinned_origins
from dashboard.contacts.models import Contact
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.transactions import transaction

MOST_KNOWN = 20_000  # rows that a process knows to be written; of others it asks again

Key = tuple[int, int, str, date]  # contact, app, origin, day
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_UNSYNCHRONISED = {"synchronize_session": False}
_known: OrderedDict[Key, frozenset[str]] = OrderedDict()
_turn = Lock()


def is_noted(app: DashboardApp, *, contact: Contact, fields: Iterable[str]) -> bool:
    """Whether this process has written all of that today: then nothing is to do."""
    wanted = frozenset(fields)
    with _turn:
        return all(wanted <= _known.get(key, frozenset()) for key in _keys(app, contact))


def note_disclosure(app: DashboardApp, *, contact: Contact, fields: Iterable[str]) -> None:
    """Write down that the app was told these fields of a contact, if that is not written already."""
    told = frozenset(fields)
    if not told or is_noted(app, contact=contact, fields=told):
        return
    keys = _keys(app, contact)
    with transaction():
        rows = [_put(key, told, app) for key in keys]
    with _turn:
        for key, row in zip(keys, rows, strict=True):
            _known[key] = row
            _known.move_to_end(key)
        while len(_known) > MOST_KNOWN:
            _known.popitem(last=False)


def forget() -> None:
    """Know of nothing that is written, as a process that has just begun."""
    with _turn:
        _known.clear()


def hand_over(*, mergee_id: int, base: Contact) -> None:
    """What was told of a contact was told of the one that it has become."""
    with transaction():
        rows = db.session.scalars(select(AppDisclosure).where(AppDisclosure.contact_id == mergee_id)).all()
        for row in rows:
            _insert((base.id, row.app_id, row.origin, row.day), row.account_id, row.app_title)
            kept = _row((base.id, row.app_id, row.origin, row.day))
            kept.fields = sorted({*kept.fields, *row.fields})
            db.session.delete(row)
    forget()


def forget_contact(contact_id: int) -> None:
    """Nothing is kept of a contact that is deleted."""
    with transaction():
        of_contact = delete(AppDisclosure).where(AppDisclosure.contact_id == contact_id)
        db.session.execute(of_contact, execution_options=_UNSYNCHRONISED)


def forget_old_disclosures() -> None:
    """Throw away what was told long ago, a batch at a time."""
    while _forget_some():
        pass


def _forget_some() -> int:
    last = kept_from().date()
    old = select(AppDisclosure.id).where(AppDisclosure.day < last).limit(BATCH)
    with transaction():
        ids = db.session.scalars(old).all()
        gone = delete(AppDisclosure).where(AppDisclosure.id.in_(ids))
        db.session.execute(gone, execution_options=_UNSYNCHRONISED)
    return len(ids)


def _keys(app: DashboardApp, contact: Contact) -> list[Key]:
    today = clock.now().date()
    return [(contact.id, app.id, origin, today) for origin in pinned_origins(app)]


def _put(key: Key, told: frozenset[str], app: DashboardApp) -> frozenset[str]:
    _insert(key, app.account_id, app.title)
    row = _row(key)
    if not told <= set(row.fields):
        row.fields = sorted(told.union(row.fields))
    return frozenset(row.fields)


def _insert(key: Key, account_id: int, title: str) -> None:
    """An empty row, where there is none: two at once fill the same one."""
    values = dict(zip(("contact_id", "app_id", "origin", "day"), key, strict=True))
    insert = _INSERT[db.session.get_bind().dialect.name]
    row = insert(AppDisclosure).values(**values, account_id=account_id, app_title=title, fields=[])
    db.session.execute(row.on_conflict_do_nothing(index_elements=list(values)))


def _row(key: Key) -> AppDisclosure:
    contact_id, app_id, origin, day = key
    query = select(AppDisclosure).where(
        AppDisclosure.contact_id == contact_id,
        AppDisclosure.app_id == app_id,
        AppDisclosure.origin == origin,
        AppDisclosure.day == day,
    )
    return db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one()
