"""Keeps the words of messages for search, whoever writes them: with the row, in the same transaction."""

from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import TextClause
from sqlalchemy import delete
from sqlalchemy import event
from sqlalchemy import inspect
from sqlalchemy import text
from sqlalchemy.orm import Mapper

from dashboard.conversations.models import Message
from dashboard.conversations.models import MessageWords
from dashboard.conversations.queries.terms import stored_words
from dashboard.lib.words import words_of

# Stand in what is written for what the database knows from the conversation.
_ACCOUNT, _INBOX = "#", "@"


def listen() -> None:
    """From now on every message that is written through the models can be found."""
    if not event.contains(Message, "after_insert", _add):
        event.listen(Message, "after_insert", _add)
        event.listen(Message, "after_update", _replace)


def _add(_: Mapper[Any], connection: Connection, message: Message) -> None:
    words = words_of(message.content or "")
    if not words or message.is_activity or message.is_deleted:
        return
    terms = stored_words(words, message_id=message.id, account=_ACCOUNT, inbox=_INBOX)
    values = {"message": message.id, "words": terms, "conversation": message.conversation_id}
    connection.execute(_written(connection.dialect.name), values)


def _replace(_: Mapper[Any], connection: Connection, message: Message) -> None:
    written: Any = inspect(message).attrs
    if written.content.history.has_changes() or written.content_attributes.history.has_changes():
        connection.execute(delete(MessageWords).where(MessageWords.id == message.id))
        _add(_, connection, message)


@cache
def _written(dialect: str) -> TextClause:
    words = "replace(replace(:words, '#', account_id || ''), '@', inbox_id || '')"
    kind = "tsvector" if dialect == "postgresql" else "text"
    return text(
        f"INSERT INTO message_words (id, words) SELECT :message, CAST({words} AS {kind}) "  # noqa: S608
        "FROM conversations WHERE id = :conversation"
    )
