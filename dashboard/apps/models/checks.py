"""What the last look at each endpoint of an app has found."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.framing import VERDICTS


class AppCheck(db.Model):
    """`number` is the endpoint's place; `url` what stood there, `desk` the origin that was to frame it."""

    __tablename__ = "app_checks"
    __table_args__ = (UniqueConstraint("app_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("dashboard_apps.id", ondelete="CASCADE"))
    number: Mapped[int]
    url: Mapped[str] = mapped_column(String(2048))
    desk: Mapped[str] = mapped_column(String(300))
    cause: Mapped[str] = mapped_column(String(20))  # one of lib.framing.VERDICTS
    header: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[str] = mapped_column(String(200), default="")
    warnings: Mapped[list[str]] = mapped_column(Json, default=list)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @property
    def verdict(self) -> str:
        return VERDICTS[self.cause]

    @property
    def is_shown(self) -> bool:
        """Whether people see the app; `unknown` is no reason to doubt it."""
        return self.verdict in {"works", "unknown"}
