"""Promise work in the caller's transaction; claim it under a lease; finish it, try it again or bury it."""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import union_all
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.queue.models import BURIED
from dashboard.queue.models import DUE
from dashboard.queue.models import Job
from dashboard.transactions import record
from dashboard.transactions import transaction

LEASE = timedelta(seconds=60)
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200))
LONGEST_ERROR = 500
CROWD = 500


@dataclass(frozen=True)
class Claim:
    """A job in hand: whoever holds this lease, and nobody else, may say how it went."""

    id: int
    kind: str
    args: dict[str, Any]
    every: int | None
    attempts: int
    lease: str

    @property
    def is_worn_out(self) -> bool:
        """Claimed too often: it fails each time, or takes the worker down with it."""
        return self.every is None and self.attempts > len(BACK_OFF) + 1


def enqueue(kind: str, *, due_at: datetime | None = None, key: str | None = None, **args: Any) -> None:
    """Promise a job, due now or at `due_at`; it exists if and only if the caller's transaction commits.

    Of one `key` there is never more than one: promising it again moves it to the new time and arguments,
    and one that is running just then runs once more.
    """
    promise = {"kind": kind, "args": args, "due_at": due_at or clock.now()}
    with transaction():
        if key is None:
            db.session.add(Job(**promise))
        else:
            db.session.execute(_keyed(db.session.get_bind().dialect.name), {**promise, "key": key})
        if due_at is None:
            record("job.due", kind=kind)


def cancel(key: str) -> None:
    """Take a promise back; a job that runs at this moment runs to its end."""
    with transaction():
        db.session.execute(delete(Job).where(Job.key == key), execution_options=_UNSYNCHRONISED)


def is_promised(key: str) -> bool:
    """Whether the job of that key waits, or is at work."""
    return db.session.scalar(select(Job.id).where(Job.key == key, Job.state == DUE)) is not None


def keep_periodic(periods: Mapping[str, timedelta]) -> None:
    """Make the rows of the jobs that come back for ever fit the table in `dashboard/wiring.py`."""
    with transaction():
        gone = delete(Job).where(Job.every.is_not(None), Job.key.not_in(periods))
        db.session.execute(gone, execution_options=_UNSYNCHRONISED)
        for kind, period in periods.items():
            every = int(period.total_seconds())
            row = {"kind": kind, "args": {}, "due_at": clock.now(), "key": kind, "every": every}
            _insert(row, on_conflict={"every": every})


def is_crowded(kind: str) -> bool:
    """Whether so many jobs of a kind wait that one more, asked for by a stranger, need not be promised."""
    some = select(Job.id).where(Job.kind == kind, Job.state == DUE).limit(CROWD).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) == CROWD


def claim(
    limit: int, *, lease: timedelta = LEASE, unhurried: Collection[str] = (), room: int = 0
) -> list[Claim]:
    """Take at most `limit` due jobs, the longest due first; nobody else gets them before the lease ends. Of
    the kinds that are `unhurried` it takes no more than there is `room` for."""
    mark, now = uuid4().hex, clock.now()
    due = select(Job.id, Job.due_at).where(Job.state == DUE, Job.due_at <= now)
    due = due.order_by(Job.due_at, Job.id).with_for_update(skip_locked=True)
    # Common table expressions, so that PostgreSQL asks once: a sub-select it may run again and take more.
    usual = due.where(Job.kind.not_in(unhurried)).limit(limit).cte("usual")
    slow = due.where(Job.kind.in_(unhurried)).limit(room).cte("slow")
    either = union_all(select(usual), select(slow)).subquery()
    chosen = select(either.c.id).order_by(either.c.due_at, either.c.id).limit(limit).cte("chosen")
    taken = (
        update(Job)
        .where(Job.id.in_(select(chosen.c.id)))
        .values(due_at=now + lease, attempts=Job.attempts + 1, lease=mark)
        .returning(Job.id, Job.kind, Job.args, Job.every, Job.attempts)
    )
    with transaction():
        rows = db.session.execute(taken, execution_options=_UNSYNCHRONISED).all()
    return [Claim(row.id, row.kind, row.args, row.every, row.attempts, mark) for row in sorted(rows)]


def extend(claims: Collection[Claim], *, lease: timedelta = LEASE) -> None:
    """Hold on to jobs that take long."""
    for claimed in claims:
        _settle(claimed, due_at=clock.now() + lease)


def finish(claimed: Claim) -> None:
    """It is done: the row goes, or comes back after its period."""
    if claimed.every is not None:
        next_at = clock.now() + timedelta(seconds=claimed.every)
        _settle(claimed, due_at=next_at, attempts=0, lease=None, last_error=None)
        return
    done = delete(Job).where(Job.id == claimed.id, Job.lease == claimed.lease)
    with transaction():
        db.session.execute(done, execution_options=_UNSYNCHRONISED)


def retry(claimed: Claim, *, error: str) -> None:
    """It failed: try again later, and later still, then bury it. A periodic job waits for its next turn."""
    if claimed.every is None and claimed.attempts > len(BACK_OFF):
        bury(claimed, error=error)
        return
    wait = timedelta(seconds=claimed.every) if claimed.every is not None else BACK_OFF[claimed.attempts - 1]
    _settle(claimed, due_at=clock.now() + wait, lease=None, last_error=error[:LONGEST_ERROR])


def bury(claimed: Claim, *, error: str) -> None:
    """Nobody tries it again; the row stays, so that a person can read why."""
    _settle(claimed, state=BURIED, lease=None, key=None, last_error=error[:LONGEST_ERROR])


_UNSYNCHRONISED = {"synchronize_session": False}
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@cache
def _keyed(dialect: str) -> Any:
    """Made once: verbs that people wait for promise jobs."""
    added = _INSERT[dialect](Job.__table__)
    new = {name: added.excluded[name] for name in ("kind", "args", "due_at")}
    again = {**new, "state": DUE, "attempts": 0, "lease": None, "last_error": None}
    return added.on_conflict_do_update(index_elements=[Job.key], set_=again)


def _insert(row: dict[str, Any], *, on_conflict: dict[str, Any]) -> None:
    insert = _INSERT[db.session.get_bind().dialect.name]
    added = insert(Job).values(row)
    db.session.execute(added.on_conflict_do_update(index_elements=[Job.key], set_=on_conflict))


def _settle(claimed: Claim, **values: Any) -> None:
    """Write how it went, unless the lease has gone to somebody else meanwhile."""
    change = update(Job).where(Job.id == claimed.id, Job.lease == claimed.lease).values(values)
    with transaction():
        db.session.execute(change, execution_options=_UNSYNCHRONISED)
