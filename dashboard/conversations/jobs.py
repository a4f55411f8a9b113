"""What the worker does for conversations."""

from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.reading import mark_messages_read
from dashboard.conversations.operations.routing import wake
from dashboard.extensions import db


def wake_conversation(conversation_id: int) -> None:
    """End a snooze; the conversation may be gone by now."""
    conversation = db.session.get(Conversation, conversation_id)
    if conversation is not None:
        wake(conversation)


def mark_read(conversation_id: int) -> None:
    """Note on each message that the contact has seen it."""
    conversation = db.session.get(Conversation, conversation_id)
    if conversation is not None:
        mark_messages_read(conversation)
