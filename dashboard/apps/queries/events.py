"""Reading the log: of one app, or of all that an account has or had."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dashboard.apps.models.events import AppEvent
from dashboard.extensions import db

PAGE = 50
BATCH = 1000  # entries that are read at a time for a table


@dataclass(frozen=True)
class LogPage:
    """Entries, the newest first; `before` is where older ones begin, if there are any."""

    events: list[AppEvent]
    before: int | None


def events_page(
    account_id: int, *, app_id: int | None = None, kind: str = "", before: int | None = None
) -> LogPage:
    """The newest entries, or those before the one of that number; of one kind or of all."""
    query = _log(account_id, app_id)
    if kind:
        query = query.where(AppEvent.kind == kind)
    if before is not None:
        query = query.where(AppEvent.id < before)
    found = list(db.session.scalars(query.limit(PAGE + 1)))
    return LogPage(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def all_events(account_id: int, *, app_id: int | None = None) -> Iterator[AppEvent]:
    """Every entry, the newest first, a batch at a time."""
    query = _log(account_id, app_id).limit(BATCH)
    found = list(db.session.scalars(query))
    while found:
        yield from found
        db.session.expunge_all()
        found = list(db.session.scalars(query.where(AppEvent.id < found[-1].id)))


def _log(account_id: int, app_id: int | None) -> Select[AppEvent]:
    query = select(AppEvent).where(AppEvent.account_id == account_id)
    if app_id is not None:
        query = query.where(AppEvent.app_id == app_id)
    return query.options(joinedload(AppEvent.user)).order_by(AppEvent.id.desc())
