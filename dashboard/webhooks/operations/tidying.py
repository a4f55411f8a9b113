"""Throwing away what was told long ago."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.transactions import transaction
from dashboard.webhooks.models import Notice

KEPT = timedelta(days=30)
BATCH = 500  # rows in one transaction: nobody else waits long for the database


def forget_old_notices() -> None:
    """Throw away what was told long ago, with how it went."""
    while _forget_some():
        pass


def _forget_some() -> bool:
    old = select(Notice.id).where(Notice.created_at < clock.now() - KEPT).order_by(Notice.created_at)
    with transaction():
        ids = list(db.session.scalars(old.limit(BATCH)))
        gone = delete(Notice).where(Notice.id.in_(ids))
        db.session.execute(gone, execution_options={"synchronize_session": False})
    return len(ids) == BATCH
