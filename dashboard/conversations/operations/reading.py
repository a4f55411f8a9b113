"""Who has seen what."""

from datetime import timedelta

from dashboard.accounts.models import User
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.messages import last_incoming_at
from dashboard.conversations.queries.messages import unread_count_of
from dashboard.lib import clock
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
