"""What events say of a conversation beside its own row: what is unread, and what was said in public last."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlalchemy.orm import contains_eager

from dashboard.accounts.models import User
from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.summaries import unread
from dashboard.extensions import db
from dashboard.lib.aliases import ready_alias
from dashboard.transactions import recalled
from dashboard.transactions import recorded

_LastPublic = ready_alias(Message, "last_public")
_Author = ready_alias(User, "last_public_sender")
_Bot = ready_alias(AgentBot, "last_public_bot")


@dataclass(frozen=True)
class Recent:
    unread_count: int
    last_public: Message | None  # neither a private note nor an activity line


def recent_of(conversation: Conversation) -> Recent:
    """The latest of a conversation, in one query."""
    unread_count, message = db.session.execute(_recent(), {"conversation": conversation.id}).one()
    return Recent(unread_count, message)


def recent_at_end(conversation: Conversation) -> Recent:
    """The same for whoever reacts to a transaction: found out once for all of them, and where something was
    said in it, without looking for what was said last."""
    return recalled(("recent", conversation.id), lambda: _recent_at_end(conversation))


def unread_at_end(conversation: Conversation) -> int:
    """How much is unread, for whoever reacts to a transaction."""

    def ask() -> int:
        return db.session.connection().scalar(_unread(), {"conversation": conversation.id}) or 0

    return recalled(("unread", conversation.id), ask)


def _recent_at_end(conversation: Conversation) -> Recent:
    said = [event.data["message"] for event in recorded("message.created")]
    public = [each for each in said if each.conversation is conversation and each.is_public]
    return Recent(unread_at_end(conversation), public[-1]) if public else recent_of(conversation)


@cache  # making it costs more than asking it
def _unread() -> Select[int]:
    return select(unread()).where(Conversation.id == bindparam("conversation"))


@cache
def _recent() -> Select[*tuple[Any, ...]]:
    return (
        select(unread().label("unread_count"), _LastPublic)
        .select_from(Conversation)
        .outerjoin(_LastPublic, _LastPublic.id == _newest_public())
        .outerjoin(_Author, _Author.id == _LastPublic.sender_user_id)
        .outerjoin(_Bot, _Bot.id == _LastPublic.sender_bot_id)
        .options(
            contains_eager(_LastPublic.sender_user.of_type(_Author)),
            contains_eager(_LastPublic.sender_bot.of_type(_Bot)),
        )
        .where(Conversation.id == bindparam("conversation"))
    )


def _newest_public() -> ScalarSelect[int]:
    message = aliased(Message)
    public = (message.private.is_(False), message.message_type != "activity")
    query = select(message.id).where(message.conversation_id == Conversation.id, *public)
    return query.order_by(message.id.desc()).limit(1).correlate(Conversation).scalar_subquery()
