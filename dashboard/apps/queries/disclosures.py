"""Reading the ledger: what apps know of a contact, and all that an app was told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from dashboard.apps.models.disclosures import AppDisclosure
from dashboard.contacts.models import Contact
from dashboard.extensions import db

BATCH = 1000  # rows that are read at a time for a table
MOST = 1000  # rows of one contact: apps, origins and days


@dataclass(frozen=True)
class Seen:
    """What an origin of an app has been told of somebody, and when last."""

    app_title: str
    origin: str
    last: date
    fields: list[str]


def seen_by_apps(contact: Contact) -> list[Seen]:
    """Who has seen a contact, the latest first."""
    query = select(AppDisclosure).where(AppDisclosure.contact_id == contact.id)
    latest = query.order_by(AppDisclosure.day.desc(), AppDisclosure.id.desc()).limit(MOST)
    found: dict[tuple[int, str], Seen] = {}
    for row in db.session.scalars(latest):
        seen = found.setdefault((row.app_id, row.origin), Seen(row.app_title, row.origin, row.day, []))
        seen.fields.extend(field for field in row.fields if field not in seen.fields)
    for seen in found.values():
        seen.fields.sort()
    return list(found.values())


def all_disclosures(account_id: int, *, app_id: int | None = None) -> Iterator[AppDisclosure]:
    """The ledger of an app or of all, the newest first, a batch at a time."""
    query = select(AppDisclosure).where(AppDisclosure.account_id == account_id)
    if app_id is not None:
        query = query.where(AppDisclosure.app_id == app_id)
    query = query.order_by(AppDisclosure.id.desc()).limit(BATCH)
    found = list(db.session.scalars(query))
    while found:
        yield from found
        db.session.expunge_all()
        found = list(db.session.scalars(query.where(AppDisclosure.id < found[-1].id)))
