"""The messages of a conversation."""

from collections.abc import Collection
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import joinedload

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.files import bring_files
from dashboard.conversations.queries.summaries import unread
from dashboard.extensions import db
from dashboard.lib.errors import NotFound
from dashboard.lib.numbers import LARGEST
from dashboard.lib.numbers import row_number

THREAD_PAGE = 20


def messages_of(
    conversation: Conversation,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = THREAD_PAGE,
    without_internal: bool = False,
    without_notes: bool = False,
) -> list[Message]:
    """Messages in the order of the thread, with their senders: the last `limit`, those just before the id
    `before`, those from the id `after` on, or those between the two.

    `without_internal` leaves notes and activity lines out, `without_notes` only the notes.
    """
    if before is None and after is None and not (without_internal or without_notes):
        found = db.session.scalars(_latest(), {"conversation": conversation.id, "limit": limit})
        return _whole(list(reversed(found.all())))
    query = _thread().where(Message.conversation_id == conversation.id).limit(limit)
    if before is not None:
        query = query.where(Message.id < before)
    if after is not None:
        query = query.where(Message.id >= after if before is not None else Message.id > after)
    if without_internal:
        query = query.where(Message.private.is_(False), Message.message_type != "activity")
    if without_notes:
        query = query.where(Message.private.is_(False))
    if after is not None:
        return _whole(list(db.session.scalars(query.order_by(Message.id))))
    return _whole(list(reversed(db.session.scalars(query.order_by(Message.id.desc())).all())))


def message_of(conversation: Conversation, message_id: int) -> Message:
    """One message of a conversation.

    Raises:
        NotFound: it has none of that id.
    """
    query = select(Message).options(joinedload(Message.sender_user), joinedload(Message.sender_bot))
    found = db.session.scalar(
        query.where(Message.conversation_id == conversation.id, Message.id == message_id)
    )
    if found is None:
        raise NotFound
    return found


def messages_again(conversation: Conversation, *, ids: list[int]) -> list[Message]:
    """Some messages of a conversation, as they are now."""
    query = _thread().where(Message.conversation_id == conversation.id, Message.id.in_(ids))
    return _whole(list(db.session.scalars(query)))


def replied_message(conversation: Conversation, *, number: Any, source_id: Any) -> Message | None:
    """The message of a conversation that clients name by its id or by the channel's own."""
    found = None
    if isinstance(number, str):
        number = row_number(number)
    if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= LARGEST:
        found = Message.id == number
    elif isinstance(source_id, str) and source_id:
        found = Message.source_id == source_id
    if found is None:
        return None
    query = select(Message).where(Message.conversation_id == conversation.id, found)
    return db.session.scalar(query.order_by(Message.id.desc()).limit(1))


def answered_by(messages: Iterable[Message]) -> dict[int, Message]:
    """The messages that some of these answer, by their ids; where none does, nobody is asked."""
    known = {message.id: message for message in messages}
    wanted = {message.answers for message in known.values()} - {None}
    missing = wanted - known.keys()
    if missing:
        query = _thread().where(Message.id.in_(missing))
        known.update((message.id, message) for message in db.session.scalars(query))
    return {number: known[number] for number in wanted if number in known}


def sent_of(conversation: Conversation, names: Collection[str]) -> list[str]:
    """Those of the names that pages gave to what they sent, under which something has been posted."""
    if not names:
        return []
    query = select(Message.sent_as).where(
        Message.conversation_id == conversation.id, Message.sent_as.in_(names)
    )
    return [name for name in db.session.scalars(query) if name]


def message_sent_as(conversation: Conversation, name: str | None) -> Message | None:
    """What was posted under the name that its sender gave to it; nothing has no name."""
    if not name:
        return None
    query = _thread().where(Message.conversation_id == conversation.id, Message.sent_as == name)
    return db.session.scalar(query)


def with_senders(query: Select[Message]) -> Select[Message]:
    """Messages with who wrote them, a person or a bot, in the same query."""
    return (
        query.outerjoin(Message.sender_user)
        .outerjoin(Message.sender_bot)
        .options(contains_eager(Message.sender_user), contains_eager(Message.sender_bot))
    )


def unread_count_of(conversation: Conversation) -> int:
    """Incoming messages since an agent last looked, at most ten."""
    return db.session.scalar(select(unread()).where(Conversation.id == conversation.id)) or 0


def last_incoming_at(conversation: Conversation) -> datetime | None:
    """When the contact wrote last."""
    query = select(Message.created_at).where(
        Message.conversation_id == conversation.id, Message.message_type == "incoming"
    )
    return db.session.scalar(query.order_by(Message.created_at.desc()).limit(1))


def _whole(messages: list[Message]) -> list[Message]:
    bring_files(messages)
    return messages


@cache  # making it costs more than asking it
def _latest() -> Select[Message]:
    latest = _thread().where(Message.conversation_id == bindparam("conversation")).order_by(Message.id.desc())
    return latest.limit(bindparam("limit"))


@cache
def _thread() -> Select[Message]:
    return with_senders(select(Message))
