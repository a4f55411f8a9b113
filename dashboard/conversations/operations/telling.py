"""Saying what has happened to a conversation: lines in its thread, and events."""

from typing import Any

from dashboard.bots.models import Actor
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.lib.text import N_
from dashboard.transactions import record

THROUGH = N_("%(line)s with %(app)s")


def note_activity(conversation: Conversation, text: str, *, through: str = "", **values: Any) -> Message:
    """Write a line of what happened; `text` is an English msgid, kept beside so that pages translate it.
    `through` is the title of the app that did it for somebody."""
    line = text % values if values else text
    known: dict[str, Any] = {"activity": text, "values": values}
    message = Message(
        conversation=conversation,
        message_type="activity",
        content=THROUGH % {"line": line, "app": through} if through else line,
        additional_attributes={**known, "app": through} if through else known,
    )
    db.session.add(message)
    record("message.created", message=message, conversation=conversation, performer=None)
    return message


def standing_of(conversation: Conversation) -> dict[str, Any]:
    """How it stands, and what may change with that."""
    return {name: getattr(conversation, name) for name in ("status", "snoozed_until", "waiting_since")}


def tell_status(conversation: Conversation, before: dict[str, Any], *, performer: Actor | None) -> None:
    """Record that the status has changed; `before` is the standing until now."""
    record("conversation.status_changed", conversation=conversation, performer=performer)
    after = standing_of(conversation)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    tell_update(conversation, changes, performer=performer)


def tell_update(
    conversation: Conversation, changes: dict[str, list[Any]], *, performer: Actor | None
) -> None:
    """Record what has changed about a conversation: each attribute with its old and its new value."""
    record("conversation.updated", conversation=conversation, changed_attributes=changes, performer=performer)
