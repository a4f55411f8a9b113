"""Contacts: the customers, and what the desk notes about them."""

from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import func
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import JsonObject
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.file_addresses import address_of_picture

if TYPE_CHECKING:
    from dashboard.accounts.models import User


class Contact(db.Model):
    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("account_id", "email"),
        UniqueConstraint("account_id", "phone_number"),
        UniqueConstraint("account_id", "identifier"),
        Index("ix_contacts_account_id_last_activity_at", "account_id", "last_activity_at", "id"),
        Index("ix_contacts_account_id_created_at", "account_id", "created_at", "id"),
        Index("ix_contacts_account_id_name", "account_id", func.lower(text("name")), "id"),
        Index(
            "ix_contacts_avatar_key",
            "avatar_key",
            sqlite_where=text("avatar_key IS NOT NULL"),
            postgresql_where=text("avatar_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255), default="")
    email: Mapped[str | None] = mapped_column(String(255))  # lower case
    phone_number: Mapped[str | None] = mapped_column(String(20))  # E.164
    identifier: Mapped[str | None] = mapped_column(String(255))
    avatar_key: Mapped[str | None] = mapped_column(String(64))  # of the small picture among the files
    additional_attributes: Mapped[dict[str, Any]] = mapped_column(JsonObject, default=dict)
    custom_attributes: Mapped[dict[str, Any]] = mapped_column(JsonObject, default=dict)
    labels: Mapped[list[str]] = mapped_column(Json, default=list)  # read; ContactLabel is searched
    blocked: Mapped[bool] = mapped_column(default=False)
    last_activity_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    @property
    def known_name(self) -> str:
        """The first thing that is known of them; nothing of a visitor who has not said anything."""
        return next(filter(None, (self.name, self.email, self.phone_number, self.identifier)), "") or ""

    @property
    def thumbnail(self) -> str:
        """Where programs find the picture; nothing of who has none."""
        return address_of_picture(self.avatar_key) if self.avatar_key else ""

    @property
    def is_identified(self) -> bool:
        """Whether lists show the contact: anonymous visitors have nothing to be found by."""
        return bool(self.email or self.phone_number or self.identifier)


class ContactLabel(db.Model):
    """The index of `Contact.labels`: lists are narrowed by it."""

    __tablename__ = "contact_labels"
    __table_args__ = (Index(None, "account_id", "title", "contact_id"),)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))


class Note(db.Model):
    """What somebody of the desk wants all to know about a contact."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_contact", "contact_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    contact: Mapped[Contact] = relationship()
    user: Mapped["User | None"] = relationship()
