"""The ledger: which app was told what of whom. Names of fields alone, never what was in them."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json


class AppDisclosure(db.Model):
    """What one origin of one app was told of one contact on one day. It outlives the app; it follows the
    contact when that becomes another one, and goes with it: see `listeners`."""

    __tablename__ = "app_disclosures"
    __table_args__ = (
        UniqueConstraint("contact_id", "app_id", "origin", "day"),
        Index("ix_app_disclosures_app", "account_id", "app_id", "id"),
        Index(None, "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(BigId)
    app_id: Mapped[int] = mapped_column(BigId)
    app_title: Mapped[str] = mapped_column(String(255))
    origin: Mapped[str] = mapped_column(String(255))
    day: Mapped[date]
    fields: Mapped[list[str]] = mapped_column(Json)
