"""A conversation goes over from a bot to people: because the bot says so, or because it does not answer."""

from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.telling import note_activity
from dashboard.conversations.operations.telling import standing_of
from dashboard.conversations.operations.telling import tell_status
from dashboard.conversations.operations.telling import tell_update
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction

OPENED_AFTER_FAILURE = N_("Conversation was marked open by system due to an error with the agent bot.")


def hand_off(conversation: Conversation, *, actor: AgentBot) -> None:
    """The bot is done and asks for a person: the contact waits for one from now on, if not longer."""
    with transaction():
        _let_wait(conversation, performer=actor)
        change_status(conversation, to="open", actor=actor)
        record("conversation.bot_handoff", conversation=conversation, performer=actor)


def open_after_failure(conversation: Conversation) -> None:
    """The bot cannot be reached: what it had, and has not handed over meanwhile, is up to people now."""
    with transaction():
        db.session.refresh(conversation, ["status", "waiting_since"], with_for_update=True)
        if conversation.status != "pending":
            return
        _let_wait(conversation, performer=None)
        before = standing_of(conversation)
        conversation.status = "open"
        tell_status(conversation, before, performer=None)
        note_activity(conversation, OPENED_AFTER_FAILURE)


def _let_wait(conversation: Conversation, *, performer: AgentBot | None) -> None:
    if conversation.waiting_since is None:
        conversation.waiting_since = clock.now()
        changes = {"waiting_since": [None, conversation.waiting_since]}
        tell_update(conversation, changes, performer=performer)
