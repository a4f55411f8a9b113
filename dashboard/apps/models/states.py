"""What an app keeps for an agent, so that it can go on where it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime


class AppState(db.Model):
    """One value for an app and an agent, of the app's own making."""

    __tablename__ = "app_states"

    app_id: Mapped[int] = mapped_column(ForeignKey("dashboard_apps.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    value: Mapped[Any] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)
