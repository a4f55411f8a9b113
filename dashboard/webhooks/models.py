"""What is told to other people's servers: each event's body once, and a delivery of it for each receiver."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import UtcDateTime

WAITING = "waiting"  # in line: the next of its lane goes only after it
LATE = "late"  # given up in line, tried again by itself
DONE = "done"
FAILED = "failed"


class Notice(db.Model):
    """A fact as it is told: the very bytes that are signed, written with the change that they tell of."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    event: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


class Delivery(db.Model):
    """A notice on its way to one receiver, so far the callback of an inbox.

    Those of one `lane` go one after the other. `due_at` is when it may be sent next; while somebody sends it,
    that is when this one is taken for dead.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'late', 'done', 'failed')", name="state"),
        Index(
            "ix_deliveries_lane",
            "lane",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inboxes.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    lane: Mapped[str] = mapped_column(String(60))
    uuid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(255))

    notice: Mapped[Notice] = relationship()
