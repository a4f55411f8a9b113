"""Counting how apps are used. Every count is added to where it stands, so that two at once lose none."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.usage import AppUsage
from dashboard.apps.operations.events import kept_from
from dashboard.apps.operations.events import note_app_event
from dashboard.apps.schemas.usage import CALL
from dashboard.apps.schemas.usage import CONTEXT
from dashboard.apps.schemas.usage import ERROR
from dashboard.apps.schemas.usage import LOAD
from dashboard.apps.schemas.usage import NOT_UP
from dashboard.apps.schemas.usage import OPENED
from dashboard.apps.schemas.usage import REFUSED
from dashboard.apps.schemas.usage import bound_of
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.transactions import transaction

HOUR = 3600
HOURS_AT_ONCE = 24  # are forgotten in one transaction: nobody else waits long for the database

Counts = Mapping[tuple[str, int], int]  # (measure, bucket) → how often
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_UNSYNCHRONISED = {"synchronize_session": False}


def this_hour() -> int:
    return clock.epoch(clock.now()) // HOUR


def note_usage(app_id: int, counts: Counts) -> None:
    """Add to what was counted of an app in this hour.

    Raises:
        IntegrityError: the app has been deleted meanwhile.
    """
    hour = this_hour()
    # in one order, or two that add the same rows could wait for each other
    rows = [
        {"app_id": app_id, "hour": hour, "measure": measure, "bucket": bucket, "count": count}
        for (measure, bucket), count in sorted(counts.items())
    ]
    if not rows:
        return
    added = _INSERT[db.session.get_bind().dialect.name](AppUsage).values(rows)
    keys = [AppUsage.app_id, AppUsage.hour, AppUsage.measure, AppUsage.bucket]
    more = {"count": AppUsage.count + added.excluded["count"]}
    with transaction():
        db.session.execute(added.on_conflict_do_update(index_elements=keys, set_=more))


def note_page(app: DashboardApp, told: Mapping[str, Any], *, agent: User) -> None:
    """What an agent's page tells, as `schemas.usage.TOLD` has it. That the page did not let the app speak,
    and that the agent let it again, is in the log."""
    counts: Counter[tuple[str, int]] = Counter()
    counts[OPENED, agent.id] += told.get("opened", 0)
    counts[ERROR, NOT_UP] += told.get("failed", 0)
    for measure in (LOAD, CONTEXT):
        counts.update((measure, bound_of(duration)) for duration in told.get(measure, ()))
    with transaction():
        note_usage(app.id, +counts)
        for kind in ("muted", "paused", "resumed"):
            if kind in told:
                note_app_event(app, kind, actor=agent, detail={"times": told[kind]})


def note_call(app_id: int, *, seconds: float, is_refused: bool) -> None:
    """An app has asked the server for something, and got it or not."""
    counts = {(CALL, bound_of(math.ceil(seconds * 1000))): 1}
    note_usage(app_id, {**counts, **({(ERROR, REFUSED): 1} if is_refused else {})})


def forget_old_usage() -> None:
    """Throw away what was counted long ago, a day at a time."""
    last = clock.epoch(kept_from()) // HOUR
    while (
        oldest := db.session.scalar(select(func.min(AppUsage.hour)).where(AppUsage.hour < last))
    ) is not None:
        gone = delete(AppUsage).where(AppUsage.hour < min(oldest + HOURS_AT_ONCE, last))
        with transaction():
            db.session.execute(gone, execution_options=_UNSYNCHRONISED)
