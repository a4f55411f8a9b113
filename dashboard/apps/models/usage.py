"""How an app is used: what was counted in an hour, and nothing of any single time."""

from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib.columns import BigId


class AppUsage(db.Model):
    """How often it was so. `hour` is counted since 1970; `bucket` is by measure: of an opening the agent who
    did it, of a duration the milliseconds within which it was, of an error its cause. See `schemas.usage`."""

    __tablename__ = "app_usage"
    __table_args__ = (Index(None, "hour"),)

    app_id: Mapped[int] = mapped_column(ForeignKey("dashboard_apps.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure: Mapped[str] = mapped_column(String(10), primary_key=True)
    bucket: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    count: Mapped[int]
