"""Telling other people's servers of an event: its body is made once, and promised to all who are told."""

from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.accounts.models import Account
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.recent import recent_at_end
from dashboard.extensions import db
from dashboard.transactions import recalled
from dashboard.transactions import transaction
from dashboard.webhooks.operations.ages import last_change_of
from dashboard.webhooks.operations.audience import audience_of
from dashboard.webhooks.operations.audience import subscribers_of
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.operations.promising import tell_once
from dashboard.webhooks.payloads import Body
from dashboard.webhooks.payloads import Changes
from dashboard.webhooks.payloads import contact_webhook
from dashboard.webhooks.payloads import conversation_face
from dashboard.webhooks.payloads import conversation_webhook
from dashboard.webhooks.payloads import inbox_webhook
from dashboard.webhooks.payloads import message_webhook
from dashboard.webhooks.payloads import typing_webhook
from dashboard.webhooks.payloads import widget_webhook

Told = Mapping[str, Any]  # what an event speaks of

# What makes an update of a conversation one that others hear of, as upstream.
TOLD_CHANGES = {
    "assignee_agent_bot_id",
    "assignee_id",
    "custom_attributes",
    "first_reply_created_at",
    "label_list",
    "priority",
    "snoozed_until",
    "status",
    "team_id",
    "waiting_since",
}


def tell(event: str, told: Told) -> None:
    """Promise an event such as `message.created` to whoever is told of it, as everything is now."""
    with transaction():
        _KINDS[event](event.replace(".", "_"), told)


def _tell_message(event: str, told: Told) -> None:
    """Notes too, as upstream does; of lines that say what happened nobody hears."""
    message, conversation = told["message"], told["conversation"]
    if message.is_activity:
        return
    to = audience_of(event, inbox=conversation.inbox, conversation=conversation)
    if to:
        account = _account(conversation.account_id)
        body = message_webhook(event, message, _face(conversation), account)
        promise(body, account_id=account.id, to=to, subject=_subject(conversation), message=message)


def _tell_conversation(event: str, told: Told) -> None:
    _promise_conversation(event, told["conversation"])


def _tell_status(event: str, told: Told) -> None:
    """Bots hear the two that matter most to them under a name of their own."""
    conversation: Conversation = told["conversation"]
    if conversation.status in {"open", "resolved"}:
        name = "conversation_opened" if conversation.status == "open" else "conversation_resolved"
        _promise_conversation(name, conversation)
    _promise_conversation(event, conversation)


def _tell_update(event: str, told: Told) -> None:
    conversation: Conversation = told["conversation"]
    changes = _real(told["changed_attributes"])
    if TOLD_CHANGES & set(changes):
        _promise_conversation(event, conversation, {**changes, **_age(conversation)})


def _promise_conversation(event: str, conversation: Conversation, changes: Changes | None = None) -> None:
    to = audience_of(event, inbox=conversation.inbox, conversation=conversation)
    if to:
        body = conversation_webhook(event, _face(conversation), changes)
        promise(body, account_id=conversation.account_id, to=to, subject=_subject(conversation))


def _tell_typing(event: str, told: Told) -> None:
    conversation: Conversation = told["conversation"]
    to = audience_of(event, inbox=conversation.inbox, conversation=conversation)
    if to:
        account, is_private = _account(conversation.account_id), bool(told["is_private"])
        face = _face(conversation)
        body = typing_webhook(event, told["user"], conversation, face, account, is_private=is_private)
        tell_once(body, to=to)


def _tell_widget(event: str, told: Told) -> None:
    session, conversation = told["contact_inbox"], told["conversation"]
    to = audience_of(event, inbox=session.inbox, conversation=conversation)
    if to:
        account = _account(session.inbox.account_id)
        face = _face(conversation) if conversation else None
        body = widget_webhook(event, session, face, account, event_info=told["event_info"])
        promise(body, account_id=account.id, to=to, subject=f"s{session.id}")


def _tell_contact(event: str, told: Told) -> None:
    contact = told["contact"]
    _tell_of(event, contact, f"k{contact.id}", told, contact_webhook)


def _tell_inbox(event: str, told: Told) -> None:
    inbox = told["inbox"]
    _tell_of(event, inbox, f"i{inbox.id}", told, inbox_webhook)


def _tell_of(event: str, row: Any, subject: str, told: Told, webhook: Callable[..., Body]) -> None:
    """Of an update only where something has changed that others may know."""
    changes = _real(told.get("changed_attributes") or {})
    if event.endswith("_updated") and not changes:
        return
    to = subscribers_of(event, account_id=row.account_id)
    if to:
        full = {**changes, **_age(row)} if changes else None
        body = webhook(event, row, _account(row.account_id), full)
        promise(body, account_id=row.account_id, to=to, subject=subject)


def _real(changes: Changes) -> Changes:
    return {name: [before, after] for name, (before, after) in changes.items() if before != after}


def _age(row: Any) -> Changes:
    """When it was changed before, and when now: upstream tells that with every change."""
    before: datetime | None = last_change_of(row)
    return {"updated_at": [before, row.updated_at]} if before else {}


def _face(conversation: Conversation) -> Body:
    """The same in all events of a transaction: they are told as everything is at its end."""
    account = _account(conversation.account_id)

    def make() -> Body:
        return conversation_face(conversation, recent_at_end(conversation), account)

    return recalled(("face", conversation.id), make)


def _account(account_id: int) -> Account:
    return recalled(("account", account_id), lambda: db.session.get_one(Account, account_id))


def _subject(conversation: Conversation) -> str:
    return f"c{conversation.id}"


_KINDS: dict[str, Callable[[str, Told], None]] = {
    "contact.created": _tell_contact,
    "contact.updated": _tell_contact,
    "conversation.created": _tell_conversation,
    "conversation.status_changed": _tell_status,
    "conversation.typing_off": _tell_typing,
    "conversation.typing_on": _tell_typing,
    "conversation.updated": _tell_update,
    "inbox.created": _tell_inbox,
    "inbox.updated": _tell_inbox,
    "message.created": _tell_message,
    "message.updated": _tell_message,
    "webwidget.triggered": _tell_widget,
}
