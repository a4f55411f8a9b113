"""Where apps tried to go and were stopped: what the browsers of agents have told."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import UtcDateTime

LONGEST_ORIGIN = 300  # characters: a host has 253 at most


class AppViolation(db.Model):
    __tablename__ = "app_violations"
    __table_args__ = (UniqueConstraint("app_id", "origin"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("dashboard_apps.id", ondelete="CASCADE"))
    origin: Mapped[str] = mapped_column(String(LONGEST_ORIGIN))
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
