"""A job is a row: promised in the transaction that needs it, and gone when it is done."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime

DUE = "due"
BURIED = "buried"


class Job(db.Model):
    """`due_at` is when it may be claimed next; while it is held under a lease, that is when the lease ends.

    `key` makes it the only one of its name; `every` (seconds) makes it come back for ever.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        # The worker asks every second, so the question has an index of its own: only what may be claimed.
        Index(
            "ix_jobs_claimable",
            "due_at",
            sqlite_where=text("state = 'due'"),
            postgresql_where=text("state = 'due'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    every: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default=DUE)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
