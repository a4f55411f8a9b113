"""Inboxes, who works in them, and the sessions that contacts have in them."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.bots.models import AgentBot
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import JsonObject
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.tokens import new_token

if TYPE_CHECKING:
    from dashboard.contacts.models import Contact

CHANNEL_TYPES = {"api": "Channel::Api"}


class Inbox(db.Model):
    """A source of conversations. `settings` keeps what upstream's clients write and read back."""

    __tablename__ = "inboxes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20), default="api")
    identifier: Mapped[str] = mapped_column(String(64), default=new_token, unique=True)
    hmac_token: Mapped[str] = mapped_column(String(64), default=new_token)
    hmac_mandatory: Mapped[bool] = mapped_column(default=False)
    secret: Mapped[str] = mapped_column(String(64), default=new_token)
    webhook_url: Mapped[str] = mapped_column(String(2048), default="")
    agent_bot_id: Mapped[int | None] = mapped_column(
        ForeignKey("agent_bots.id", ondelete="SET NULL"), index=True
    )
    lock_to_single_conversation: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonObject, default=dict)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a job removes what belongs to it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    agent_bot: Mapped[AgentBot | None] = relationship()

    @property
    def channel_type(self) -> str:
        return CHANNEL_TYPES[self.kind]


class InboxMember(db.Model):
    """An agent who works in an inbox."""

    __tablename__ = "inbox_members"

    inbox_id: Mapped[int] = mapped_column(ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ContactInbox(db.Model):
    """A contact's session in an inbox: the `source_id` is how the channel knows the contact."""

    __tablename__ = "contact_inboxes"
    __table_args__ = (UniqueConstraint("inbox_id", "source_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inboxes.id", ondelete="CASCADE"))
    source_id: Mapped[str] = mapped_column(String(255), default=lambda: str(uuid.uuid4()))
    hmac_verified: Mapped[bool] = mapped_column(default=False)
    pubsub_token: Mapped[str] = mapped_column(String(64), default=new_token, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    contact: Mapped["Contact"] = relationship()
    inbox: Mapped[Inbox] = relationship()
