"""Who has seen what, and who is about to say something."""

from datetime import timedelta

from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.bots.models import Actor
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.messages import last_incoming_at
from dashboard.conversations.queries.messages import unread_count_of
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction

_AGAIN_AFTER = timedelta(hours=1)


def mark_seen(conversation: Conversation, *, actor: User) -> None:
    """Note that an agent has looked: at once where something was unread, else at most once an hour."""
    now = clock.now()
    seen = conversation.agent_last_seen_at
    if seen is not None and now - seen < _AGAIN_AFTER and not unread_count_of(conversation):
        return
    with transaction():
        conversation.agent_last_seen_at = now
        if conversation.assignee_id == actor.id:
            conversation.assignee_last_seen_at = now
        record("conversation.read", conversation=conversation, performer=actor)


def mark_unread(conversation: Conversation) -> None:
    """Make the last incoming message unread again."""
    last = last_incoming_at(conversation)
    with transaction():
        if last is not None:
            conversation.agent_last_seen_at = last - timedelta(seconds=1)
            conversation.assignee_last_seen_at = conversation.agent_last_seen_at
            record("conversation.read", conversation=conversation, performer=None)


def mark_seen_by_contact(conversation: Conversation) -> None:
    """Note that the contact has seen what there is; a job notes it on each message."""
    with transaction():
        conversation.contact_last_seen_at = clock.now()
        record("conversation.read", conversation=conversation, performer=None)
        key = f"conversations.mark_read:{conversation.id}"
        enqueue("conversations.mark_read", key=key, conversation_id=conversation.id)


def mark_messages_read(conversation: Conversation) -> None:
    """Everything that the desk sent until the contact looked is read."""
    if conversation.contact_last_seen_at is None:
        return
    sent = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.message_type.in_(("outgoing", "template")),
        Message.private.is_(False),
        Message.status.in_(("sent", "delivered")),
        Message.created_at <= conversation.contact_last_seen_at,
    )
    with transaction():
        for message in db.session.scalars(sent.order_by(Message.id)):
            changes = {"status": [message.status, "read"]}
            message.status = "read"
            record(
                "message.updated",
                message=message,
                conversation=conversation,
                previous_changes=changes,
                performer=None,
            )


def tell_typing(
    conversation: Conversation, *, is_typing: bool, is_private: bool = False, user: Actor | None
) -> None:
    """Tell the others that somebody types or has stopped; without a user, or a bot, it is the contact."""
    with transaction():
        record(
            "conversation.typing_on" if is_typing else "conversation.typing_off",
            conversation=conversation,
            user=user,
            is_private=is_private,
            performer=user,
        )
