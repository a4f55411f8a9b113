"""The log of an app: what was changed about it, and what it did."""

from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime

if TYPE_CHECKING:
    from dashboard.accounts.models import User


class AppEvent(db.Model):
    """One entry. It outlives the app, so it knows its number and its name by heart."""

    __tablename__ = "app_events"
    __table_args__ = (
        Index("ix_app_events_account", "account_id", "id"),
        Index("ix_app_events_kind", "account_id", "kind", "id"),
        Index("ix_app_events_app", "app_id", "id"),
        Index("ix_app_events_app_kind", "app_id", "kind", "id"),
        Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    app_id: Mapped[int] = mapped_column(BigId)
    app_title: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    conversation: Mapped[int | None] = mapped_column(BigId)  # as people number it; it may be gone by now
    kind: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped["User | None"] = relationship()
