"""A conversation as a line of the list shows it: few columns, because lists are long."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from dashboard.contacts.models import Contact
from dashboard.conversations.models import NO_PRIORITY
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.summaries import LastSaid
from dashboard.conversations.queries.summaries import LastSaidBot
from dashboard.conversations.queries.summaries import LastSaidSender
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import newest
from dashboard.conversations.queries.summaries import unread
from dashboard.inboxes.models import Inbox

_BEGINNING = 300  # characters of a message that a line may need


@dataclass(frozen=True)
class Said:
    """The last message that is not an activity line; of a long one, the beginning."""

    content: str
    attached: list[str]
    is_incoming: bool
    is_private: bool
    is_deleted: bool
    author_id: int | None
    author_name: str | None


@dataclass(frozen=True)
class Listed:
    """A conversation as a line of the list shows it, `contact` being what there is to call somebody by."""

    display_id: int
    status: str
    priority: int
    labels: list[str]
    last_activity_at: datetime
    unread_count: int
    inbox_name: str
    contact: tuple[str | None, ...]
    avatar_key: str | None
    said: Said | None
    has_bot: bool  # a bot answers, and nobody else need do so yet

    @property
    def priority_name(self) -> str | None:
        return None if self.priority == NO_PRIORITY else PRIORITIES[self.priority]


@cache  # making it costs more than asking it
def lines() -> Select[*tuple[Any, ...]]:
    """Conversations with what their lines show; each part is found by an index, row by row."""
    return (
        select(
            Conversation.id,
            Conversation.display_id,
            Conversation.status,
            Conversation.priority,
            Conversation.labels,
            Conversation.last_activity_at,
            Conversation.created_at,
            Conversation.waiting_since,
            unread().label("unread_count"),
            Inbox.name.label("inbox_name"),
            Contact.name,
            Contact.email,
            Contact.phone_number,
            Contact.identifier,
            Contact.avatar_key,
            LastSaid.id.label("said_id"),
            func.substr(LastSaid.content, 1, _BEGINNING).label("content"),
            LastSaid.message_type,
            LastSaid.private,
            LastSaid.content_attributes,
            LastSaid.attached,
            LastSaid.sender_user_id,
            func.coalesce(LastSaidSender.name, LastSaidBot.name).label("author_name"),
            func.coalesce(Conversation.assignee_bot_id, Inbox.agent_bot_id).label("bot_id"),
        )
        .join(Conversation.contact)
        .join(Conversation.inbox)
        .outerjoin(LastSaid, LastSaid.id == newest(said=True))
        .outerjoin(LastSaidSender, LastSaidSender.id == LastSaid.sender_user_id)
        .outerjoin(LastSaidBot, LastSaidBot.id == LastSaid.sender_bot_id)
    )


def line(row: Row[*tuple[Any, ...]]) -> Listed:
    said = None
    if row.said_id is not None:
        said = Said(
            content=row.content,
            attached=row.attached,
            is_incoming=row.message_type == "incoming",
            is_private=row.private,
            is_deleted=bool(row.content_attributes.get("deleted")),
            author_id=row.sender_user_id,
            author_name=row.author_name,
        )
    return Listed(
        display_id=row.display_id,
        status=row.status,
        priority=row.priority,
        labels=row.labels,
        last_activity_at=row.last_activity_at,
        unread_count=row.unread_count,
        inbox_name=row.inbox_name,
        contact=(row.name, row.email, row.phone_number, row.identifier),
        avatar_key=row.avatar_key,
        said=said,
        has_bot=row.status == "pending" and row.bot_id is not None,
    )


def line_of(summary: Summary) -> Listed:
    """The line of a conversation that is at hand already."""
    conversation, said = summary.conversation, summary.last_said
    contact = conversation.contact
    return Listed(
        display_id=conversation.display_id,
        status=conversation.status,
        priority=conversation.priority,
        labels=conversation.labels,
        last_activity_at=conversation.last_activity_at,
        unread_count=summary.unread_count,
        inbox_name=conversation.inbox.name,
        contact=(contact.name, contact.email, contact.phone_number, contact.identifier),
        avatar_key=contact.avatar_key,
        said=_said(said) if said else None,
        has_bot=conversation.is_with_bot,
    )


def _said(message: Message) -> Said:
    return Said(
        content=message.content[:_BEGINNING],
        attached=message.attached,
        is_incoming=message.is_incoming,
        is_private=message.private,
        is_deleted=message.is_deleted,
        author_id=message.sender_user_id,
        author_name=message.author.name if message.author else None,
    )
