"""Who works on a conversation and how it stands: status, assignee, priority, labels, mute."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy import update

from dashboard.accounts.models import User
from dashboard.bots.models import Actor
from dashboard.bots.models import AgentBot
from dashboard.contacts.models import Contact
from dashboard.conversations.models import NO_PRIORITY
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.operations.attaching import files_in
from dashboard.conversations.operations.attaching import forget_files
from dashboard.conversations.operations.checks import check_attributes
from dashboard.conversations.operations.checks import check_status
from dashboard.conversations.operations.posting import wake_key
from dashboard.conversations.operations.telling import note_activity
from dashboard.conversations.operations.telling import standing_of
from dashboard.conversations.operations.telling import tell_status
from dashboard.conversations.operations.telling import tell_update
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.checks import one_of
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.queue.operations import cancel
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction

STATUS_LINES = {
    "resolved": N_("Conversation was marked resolved by %(user)s"),
    "open": N_("Conversation was reopened by %(user)s"),
    "pending": N_("Conversation was marked as pending by %(user)s"),
    "snoozed": N_("Conversation was snoozed by %(user)s"),
}
RESOLVED_BY_CONTACT = N_("Conversation was resolved by %(contact)s")
WOKEN = N_("The snooze is over: system reopened the conversation.")
LONGEST_LABEL = 255


def change_status(
    conversation: Conversation,
    *,
    to: str,
    snoozed_until: datetime | None = None,
    actor: Actor,
    through: str = "",
) -> None:
    """Set the status; a snooze may have an end, when a job opens the conversation again. `through` is the
    title of the app that does it for somebody, here and below.

    Raises:
        Invalid: the status is none of the four, or the snooze would end in the past.
    """
    check_status(to, snoozed_until)
    with transaction():
        standing = standing_of(conversation)
        before, until = conversation.status, conversation.snoozed_until
        conversation.snoozed_until = snoozed_until if to == "snoozed" else None
        if conversation.snoozed_until is not None:
            key = wake_key(conversation)
            enqueue("conversations.wake", due_at=snoozed_until, key=key, conversation_id=conversation.id)
        elif before == "snoozed":
            cancel(wake_key(conversation))
        if before == to:
            if until != conversation.snoozed_until:
                changes = {"snoozed_until": [until, conversation.snoozed_until]}
                tell_update(conversation, changes, performer=actor)
            return
        conversation.status = to
        if to == "resolved":
            conversation.waiting_since = None
        tell_status(conversation, standing, performer=actor)
        note_activity(conversation, STATUS_LINES[to], through=through, user=actor.name)


def resolve_by_contact(conversation: Conversation) -> None:
    """The contact is done. What is resolved already stays as it is."""
    before = standing_of(conversation)
    if before["status"] == "resolved":
        return
    with transaction():
        conversation.status = "resolved"
        conversation.snoozed_until = None
        conversation.waiting_since = None
        if before["status"] == "snoozed":
            cancel(wake_key(conversation))
        tell_status(conversation, before, performer=None)
        name = conversation.contact.name
        note_activity(conversation, RESOLVED_BY_CONTACT, contact=name[:1].upper() + name[1:])


def wake(conversation: Conversation) -> None:
    """End a snooze whose time has come; one that was moved or ended meanwhile is left alone."""
    with transaction():
        until = conversation.snoozed_until
        if conversation.status != "snoozed" or until is None or until > clock.now():
            return
        before = standing_of(conversation)
        conversation.status = "open"
        conversation.snoozed_until = None
        tell_status(conversation, before, performer=None)
        note_activity(conversation, WOKEN)


def change_priority(conversation: Conversation, *, to: str | None, actor: Actor) -> None:
    """Set or remove the priority.

    Raises:
        Invalid: it is none of the four.
    """
    if to is not None:
        one_of("priority", to, PRIORITIES)
    before = conversation.priority_name
    if before == to:
        return
    with transaction():
        conversation.priority = NO_PRIORITY if to is None else PRIORITIES.index(to)
        tell_update(conversation, {"priority": [before, to]}, performer=actor)
        if to is None:
            note_activity(conversation, N_("%(user)s removed the priority"), user=actor.name)
        elif before is None:
            line = N_("%(user)s set the priority to %(priority)s")
            note_activity(conversation, line, user=actor.name, priority=to)
        else:
            line = N_("%(user)s changed the priority from %(before)s to %(priority)s")
            note_activity(conversation, line, user=actor.name, before=before, priority=to)


def assign_conversation(
    conversation: Conversation, *, to: Actor | None, actor: Actor, through: str = ""
) -> None:
    """Give the conversation to somebody, or to a bot: whoever had it has it no longer; or to nobody."""
    user, bot = (None, to) if isinstance(to, AgentBot) else (to, None)
    before = {
        "assignee_id": conversation.assignee_id,
        "assignee_agent_bot_id": conversation.assignee_bot_id,
    }
    after = {"assignee_id": user.id if user else None, "assignee_agent_bot_id": bot.id if bot else None}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes:
        return
    with transaction():
        conversation.assignee, conversation.assignee_bot = user, bot
        record("assignee.changed", conversation=conversation, performer=actor)
        tell_update(conversation, changes, performer=actor)
        if to is None:
            line = N_("Conversation unassigned by %(user)s")
            note_activity(conversation, line, through=through, user=actor.name)
        elif to is actor:
            line = N_("%(user)s self-assigned this conversation")
            note_activity(conversation, line, through=through, user=actor.name)
        else:
            line = N_("Assigned to %(assignee)s by %(user)s")
            note_activity(conversation, line, through=through, assignee=to.name, user=actor.name)


def set_labels(conversation: Conversation, *, labels: list[str], actor: Actor, through: str = "") -> None:
    """Replace the labels.

    Raises:
        Invalid: one is empty or too long.
    """
    wanted = list(dict.fromkeys(label.strip() for label in labels))
    if any(not label or len(label) > LONGEST_LABEL for label in wanted):
        raise Invalid("labels", N_("must have 1 to %(length)s characters each"), length=LONGEST_LABEL)
    if set(wanted) == set(conversation.labels):
        return
    with transaction():
        db.session.refresh(conversation, ["labels"], with_for_update=True)  # two at once take turns
        before = conversation.labels
        added = [label for label in wanted if label not in before]
        removed = [label for label in before if label not in wanted]
        if not added and not removed:
            return
        conversation.labels = wanted
        db.session.execute(
            delete(ConversationLabel).where(ConversationLabel.conversation_id == conversation.id),
            execution_options={"synchronize_session": False},
        )
        db.session.add_all(
            ConversationLabel(
                conversation_id=conversation.id, account_id=conversation.account_id, title=label
            )
            for label in wanted
        )
        tell_update(conversation, {"label_list": [before, wanted]}, performer=actor)
        if added:
            line = N_("%(user)s added %(labels)s")
            note_activity(conversation, line, through=through, user=actor.name, labels=", ".join(added))
        if removed:
            line = N_("%(user)s removed %(labels)s")
            note_activity(conversation, line, through=through, user=actor.name, labels=", ".join(removed))


def set_custom_attributes(conversation: Conversation, *, attributes: dict[str, Any], actor: Actor) -> None:
    """Replace the custom attributes.

    Raises:
        Invalid: a text is too long or a number too large.
    """
    check_attributes("custom_attributes", attributes)
    with transaction():
        before = dict(conversation.custom_attributes)
        conversation.custom_attributes = attributes
        tell_update(conversation, {"custom_attributes": [before, attributes]}, performer=actor)


def mute(conversation: Conversation, *, actor: User) -> None:
    """Block the contact and resolve: what it writes from now on reopens nothing."""
    with transaction():
        change_status(conversation, to="resolved", actor=actor)
        _set_blocked(conversation.contact, to=True, performer=actor)
        note_activity(conversation, N_("%(user)s has muted the conversation"), user=actor.name)


def unmute(conversation: Conversation, *, actor: User) -> None:
    """Unblock the contact; the status stays."""
    with transaction():
        _set_blocked(conversation.contact, to=False, performer=actor)
        note_activity(conversation, N_("%(user)s has unmuted the conversation"), user=actor.name)


def unassign_everywhere(*, account_id: int, user_id: int) -> None:
    """Take somebody off every conversation of an account, in one statement and without a line in any."""
    with transaction():
        db.session.execute(
            update(Conversation)
            .where(Conversation.assignee_id == user_id, Conversation.account_id == account_id)
            .values(assignee_id=None),
            execution_options={"synchronize_session": False},
        )


def delete_conversation(conversation: Conversation, *, actor: User) -> None:
    """Delete a conversation with its messages."""
    with transaction():
        cancel(wake_key(conversation))
        forget_files(files_in([conversation.id]))
        record("conversation.deleted", conversation=conversation, performer=actor)
        db.session.delete(conversation)


def _set_blocked(contact: Contact, *, to: bool, performer: User) -> None:
    if contact.blocked != to:
        contact.blocked = to
        changes = {"blocked": [not to, to]}
        record("contact.updated", contact=contact, changed_attributes=changes, performer=performer)
