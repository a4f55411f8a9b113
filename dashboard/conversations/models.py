"""Conversations and their messages."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import SmallInteger
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import or_
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import JsonObject
from dashboard.lib.columns import UtcDateTime

if TYPE_CHECKING:
    from dashboard.accounts.models import User
    from dashboard.bots.models import Actor
    from dashboard.bots.models import AgentBot
    from dashboard.contacts.models import Contact
    from dashboard.inboxes.models import ContactInbox
    from dashboard.inboxes.models import Inbox

STATUSES = ("open", "resolved", "pending", "snoozed")
PRIORITIES = ("low", "medium", "high", "urgent")  # stored as 0..3, so that they sort
NO_PRIORITY = -1
MESSAGE_TYPES = ("incoming", "outgoing", "activity", "template")  # upstream's numbers are the positions
CONTENT_TYPES = (
    "text",
    "input_text",
    "input_textarea",
    "input_email",
    "input_select",
    "cards",
    "form",
    "article",
    "incoming_email",
    "input_csat",
    "integrations",
    "sticker",
    "voice_call",
)
FILE_TYPES = ("image", "audio", "video", "file")
MESSAGE_STATUSES = ("sent", "delivered", "read", "failed")


# Word for word what the conditions of the indices say: both databases compare them.
_UNATTENDED = "first_reply_created_at IS NULL OR waiting_since IS NOT NULL"


def _in(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _unassigned(name: str, *columns: str) -> Index:
    nobody = text("assignee_id IS NULL")
    return Index(name, *columns, sqlite_where=nobody, postgresql_where=nobody)


def _where_known(name: str, column: str) -> Index:
    known = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=known, postgresql_where=known)


def _unattended(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(_UNATTENDED), postgresql_where=text(_UNATTENDED))


class Conversation(db.Model):
    """One matter between one contact and the desk. People know it by its `display_id`."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("account_id", "display_id"),
        CheckConstraint(_in("status", STATUSES), name="status"),
        CheckConstraint("priority BETWEEN -1 AND 3", name="priority"),
        # One index for each way the list is narrowed and each way it is sorted; `id` makes the keyset exact.
        Index("ix_conversations_activity", "account_id", "status", "last_activity_at", "id"),
        Index("ix_conversations_any_status", "account_id", "last_activity_at", "id"),
        Index("ix_conversations_created", "account_id", "status", "created_at", "id"),
        Index("ix_conversations_waiting", "account_id", "status", "waiting_since", "id"),
        Index("ix_conversations_priority", "account_id", "status", "priority", "last_activity_at", "id"),
        Index("ix_conversations_inbox", "inbox_id", "status", "last_activity_at", "id"),
        Index("ix_conversations_counted", "inbox_id", "status", "assignee_id"),  # counts touch no row
        Index("ix_conversations_assignee", "assignee_id", "account_id", "status", "last_activity_at", "id"),
        _unassigned("ix_conversations_unassigned", "account_id", "status", "last_activity_at", "id"),
        _unattended("ix_conversations_unattended", "account_id", "status", "last_activity_at", "id"),
        _unattended("ix_conversations_unattended_counted", "inbox_id", "status", "assignee_id"),
        Index("ix_conversations_age", "account_id", "status", "priority", "created_at", "id"),
        Index("ix_conversations_contact", "contact_id", "last_activity_at"),
        Index("ix_conversations_contact_inbox", "contact_inbox_id", "id"),
        _where_known("ix_conversations_assignee_bot", "assignee_bot_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inboxes.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    contact_inbox_id: Mapped[int] = mapped_column(ForeignKey("contact_inboxes.id", ondelete="CASCADE"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    assignee_bot_id: Mapped[int | None] = mapped_column(ForeignKey("agent_bots.id", ondelete="SET NULL"))
    display_id: Mapped[int] = mapped_column(BigId)
    uuid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()), unique=True)
    status: Mapped[str] = mapped_column(String(10), default="open")
    priority: Mapped[int] = mapped_column(SmallInteger, default=NO_PRIORITY)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent_last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assignee_last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_reply_created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_activity_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    custom_attributes: Mapped[dict[str, Any]] = mapped_column(JsonObject, default=dict)
    additional_attributes: Mapped[dict[str, Any]] = mapped_column(JsonObject, default=dict)
    labels: Mapped[list[str]] = mapped_column(Json, default=list)  # read; ConversationLabel is searched
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    contact: Mapped["Contact"] = relationship()
    contact_inbox: Mapped["ContactInbox"] = relationship()
    inbox: Mapped["Inbox"] = relationship()
    assignee: Mapped["User | None"] = relationship()
    assignee_bot: Mapped["AgentBot | None"] = relationship()  # never both

    @property
    def in_charge(self) -> "Actor | None":
        """The person, or the bot, that it is assigned to."""
        return self.assignee or self.assignee_bot

    @property
    def is_with_bot(self) -> bool:
        """Whether a bot answers for now: that of the inbox, or the one that it is assigned to."""
        has_one = self.inbox.agent_bot_id is not None or self.assignee_bot_id is not None
        return self.status == "pending" and has_one

    @property
    def priority_name(self) -> str | None:
        """`low`, `medium`, `high`, `urgent` or None."""
        return None if self.priority == NO_PRIORITY else PRIORITIES[self.priority]


UNATTENDED = or_(Conversation.first_reply_created_at.is_(None), Conversation.waiting_since.is_not(None))


class ConversationLabel(db.Model):
    """The index of `Conversation.labels`: lists are narrowed by it."""

    __tablename__ = "conversation_labels"
    __table_args__ = (Index(None, "account_id", "title", "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))


class Message(db.Model):
    """One entry of the thread. An incoming one is always by the conversation's contact."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(_in("message_type", MESSAGE_TYPES), name="message_type"),
        CheckConstraint(_in("status", MESSAGE_STATUSES), name="status"),
        Index("ix_messages_conversation", "conversation_id", "id"),
        Index(
            "ix_messages_incoming",
            "conversation_id",
            "created_at",
            sqlite_where=text("message_type = 'incoming'"),
            postgresql_where=text("message_type = 'incoming'"),
        ),
        Index(
            "ix_messages_sent_as",
            "conversation_id",
            "sent_as",
            unique=True,
            sqlite_where=text("sent_as IS NOT NULL"),
            postgresql_where=text("sent_as IS NOT NULL"),
        ),
        _where_known("ix_messages_sender", "sender_user_id"),
        _where_known("ix_messages_sender_bot", "sender_bot_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_type: Mapped[str] = mapped_column(String(10))
    content_type: Mapped[str] = mapped_column(String(20), default="text")
    content: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str | None] = mapped_column(Text)  # what Markdown made of it; None where it is only text
    # Both are only ever replaced: a thread is full of them, and to watch each for changes takes time.
    content_attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # Never told to programs. Of an activity line: {"activity": msgid, "values": {…}, "app": title}, so that a
    # page can say it in its language. What an app put into a draft: {"inserted_by": {"id": …, "title": …}}.
    additional_attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # The types of its files, in their order: lists say that there are some, and only then are they asked for.
    attached: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    private: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default="sent")
    source_id: Mapped[str | None] = mapped_column(Text)
    # What the page that sent it calls it: sent again, for want of an answer, it is not posted again.
    sent_as: Mapped[str | None] = mapped_column(String(64), deferred=True)
    sender_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    sender_bot_id: Mapped[int | None] = mapped_column(ForeignKey("agent_bots.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    conversation: Mapped[Conversation] = relationship()
    sender_user: Mapped["User | None"] = relationship()
    sender_bot: Mapped["AgentBot | None"] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id", viewonly=True)

    @property
    def files(self) -> list["Attachment"]:
        """What was sent with it; a message without files asks nobody."""
        return self.attachments if self.attached else []

    echo_id = ""  # what a client that just wrote it calls it; never stored

    @property
    def author(self) -> "Actor | None":
        """Who of the desk wrote it, a person or a bot; nobody where the contact did, or the desk itself."""
        return self.sender_user or self.sender_bot

    @property
    def is_incoming(self) -> bool:
        return self.message_type == "incoming"

    @property
    def is_activity(self) -> bool:
        return self.message_type == "activity"

    @property
    def is_public(self) -> bool:
        """Whether it was said between the customer and the desk."""
        return not self.private and not self.is_activity

    @property
    def answers(self) -> int | None:
        """The id of the message that it answers."""
        number = self.content_attributes.get("in_reply_to")
        return number if isinstance(number, int) else None

    @property
    def inserted_by(self) -> str:
        """The name of the app that put something into the draft of it, if one did."""
        told = self.additional_attributes.get("inserted_by")
        return str(told["title"]) if told else ""

    @property
    def is_deleted(self) -> bool:
        return bool(self.content_attributes.get("deleted"))


class MessageWords(db.Model):
    """What search looks into: the words of a message, written by `operations/indexing.py` for both databases.

    Activity lines and deleted messages are not there.
    """

    __tablename__ = "message_words"

    id: Mapped[int] = mapped_column(
        BigId, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


class Attachment(db.Model):
    """A file of a message. Its content is elsewhere, under `key`; `name` is what its sender called it."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint(_in("file_type", FILE_TYPES), name="file_type"),
        Index(None, "message_id"),
        Index(None, "key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    file_type: Mapped[str] = mapped_column(String(10))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigId)
    width: Mapped[int | None]
    height: Mapped[int | None]
    has_thumbnail: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    message: Mapped[Message] = relationship()

    @property
    def thumbnail_key(self) -> str:
        return f"{self.key}.thumb"

    @property
    def extension(self) -> str:
        """`pdf` of `invoice.pdf`, as its sender spelled it."""
        _, dot, ending = self.name.rpartition(".")
        return ending.lower() if dot else ""
