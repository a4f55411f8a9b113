"""Throwing away what was told long ago, and what nobody is told any more."""

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.queue.operations import enqueue
from dashboard.transactions import transaction
from dashboard.webhooks.models import FAILED
from dashboard.webhooks.models import WAITING
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.models import Notice
from dashboard.webhooks.operations.policy import DAY

KEPT = timedelta(days=30)
BATCH = 200  # rows in one transaction: nobody else waits long for the database


def forget_old_notices() -> None:
    """Throw away what was told long ago, with how it went."""
    while _forget_some():
        pass


def forget_lonely_notices() -> None:
    """Throw away what has no delivery any more: the webhook, the inbox or the bot is deleted."""
    last: int | None = 0
    while last is not None:
        last = _forget_lonely_after(last)


def forget_deliveries_to(endpoint_id: int) -> None:
    """Throw away what one was told, before it is deleted itself: there may be a million."""
    while _forget_some_to(endpoint_id):
        pass


def give_up_older(endpoint_id: int, *, than: datetime) -> None:
    """What has waited for one since before that is no news any more: it has failed, and can be sent again."""
    is_waiting = Delivery.state == literal(WAITING, literal_execute=True)  # those have an index of their own
    is_old = is_waiting & (Delivery.created_at < than)
    ids = list(db.session.scalars(select(Delivery.id).where(is_old, Delivery.endpoint_id == endpoint_id)))
    for start in range(0, len(ids), BATCH):
        some = Delivery.id.in_(ids[start : start + BATCH])
        with transaction():
            given_up = update(Delivery).where(some, is_old).values(state=FAILED)
            db.session.execute(given_up, execution_options={"synchronize_session": False})


def give_up_old_deliveries() -> None:
    """Give up what has waited for a day where nothing arrives, or where nothing was sent: those who come back
    are told of what is new."""
    while _give_up_some():
        pass


def _give_up_some() -> bool:
    day_ago = clock.now() - DAY
    silent = or_(Endpoint.paused_by != "", Endpoint.failing_since < day_ago)
    old = (
        select(Delivery.id, Delivery.message_id)
        .where(Delivery.state == WAITING, Delivery.created_at < day_ago)
        .where(Delivery.endpoint_id.in_(select(Endpoint.id).where(silent)))
        .order_by(Delivery.endpoint_id, Delivery.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with transaction():
        rows = db.session.execute(old).all()
        given_up = update(Delivery).where(Delivery.id.in_([row.id for row in rows]))
        db.session.execute(
            given_up.values(state=FAILED, error="expired", code=None, lease=None),
            execution_options={"synchronize_session": False},
        )
        for row in rows:
            if row.message_id is not None:
                enqueue("webhooks.follow_up", key=f"webhooks.follow_up:{row.id}", delivery_id=row.id)
    return len(rows) == BATCH


def _forget_some() -> bool:
    old = select(Notice.id).where(Notice.created_at < clock.now() - KEPT).order_by(Notice.created_at)
    with transaction():
        ids = db.session.scalars(old.limit(BATCH)).all()
        _forget(ids)
    return len(ids) == BATCH


def _forget_some_to(endpoint_id: int) -> bool:
    ours = select(Delivery.id).where(Delivery.endpoint_id == endpoint_id).order_by(Delivery.id)
    with transaction():
        ids = db.session.scalars(ours.limit(BATCH)).all()
        gone = delete(Delivery).where(Delivery.id.in_(ids))
        db.session.execute(gone, execution_options={"synchronize_session": False})
    return len(ids) == BATCH


def _forget_lonely_after(last: int) -> int | None:
    """Of the next so many; returns where to go on, nothing at the end."""
    following = select(Notice.id).where(Notice.id > last).order_by(Notice.id).limit(BATCH)
    with transaction():
        ids = db.session.scalars(following).all()
        told = set(db.session.scalars(select(Delivery.notice_id).where(Delivery.notice_id.in_(ids))))
        _forget([number for number in ids if number not in told])
    return ids[-1] if len(ids) == BATCH else None


def _forget(ids: Sequence[int]) -> None:
    gone = delete(Notice).where(Notice.id.in_(ids))
    db.session.execute(gone, execution_options={"synchronize_session": False})
