"""What an inbox answers by itself when a customer writes."""

from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib.hours import is_open

JUST_NOW = timedelta(minutes=5)


def answers_by_itself(conversation: Conversation, *, now: datetime) -> str | None:
    """The text to answer a customer's message with, if any: that nobody is there, at most once a day and not
    while an agent or a bot is answering; or the greeting, before anything else was said to the customer."""
    settings = {**DEFAULTS, **conversation.inbox.settings}
    absence, greeting = settings["out_of_office_message"], settings["greeting_message"]
    if settings["working_hours_enabled"] and absence and _is_unattended(conversation, settings, now):
        return str(absence)
    if settings["greeting_enabled"] and greeting and not _was_spoken_to(conversation):
        return str(greeting)
    return None


def _is_unattended(conversation: Conversation, settings: dict[str, object], now: datetime) -> bool:
    zone = str(settings["timezone"])
    if conversation.is_with_bot:
        return False
    if is_open(settings["working_hours"], zone, now):  # type: ignore[arg-type]
        return False
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    was_told = (Message.message_type == "template") & (Message.created_at >= midnight)
    is_answered = (Message.message_type == "outgoing") & (Message.created_at > now - JUST_NOW)
    by_people = Message.private.is_(False) & Message.sender_bot_id.is_(None)
    either = was_told | (is_answered & by_people)
    return _has_none(conversation, either)


def _was_spoken_to(conversation: Conversation) -> bool:
    said = Message.message_type.in_(("outgoing", "template")) & Message.private.is_(False)
    return not _has_none(conversation, said)


def _has_none(conversation: Conversation, condition: object) -> bool:
    query = select(Message.id).where(Message.conversation_id == conversation.id, condition)  # type: ignore[arg-type]
    return db.session.scalar(query.limit(1)) is None
