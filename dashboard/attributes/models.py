"""Custom attributes: what an account keeps of its contacts and conversations beside what every desk knows."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime


class AttributeDefinition(db.Model):
    """What is known of a key of `custom_attributes`. The names are upstream's: they travel as they are."""

    __tablename__ = "custom_attribute_definitions"
    __table_args__ = (
        UniqueConstraint(
            "account_id", "attribute_model", "attribute_key", name="uq_custom_attribute_definitions_key"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    attribute_model: Mapped[str] = mapped_column(String(30))
    attribute_key: Mapped[str] = mapped_column(String(255))
    attribute_display_name: Mapped[str] = mapped_column(String(255))
    attribute_display_type: Mapped[str] = mapped_column(String(20))
    attribute_description: Mapped[str | None] = mapped_column(Text)
    attribute_values: Mapped[list[str]] = mapped_column(Json, default=list)  # what a list offers
    regex_pattern: Mapped[str | None] = mapped_column(String(255))
    regex_cue: Mapped[str | None] = mapped_column(String(255))  # said where the pattern does not fit
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)
