"""Events as other people's servers get them: flat objects with `event`, in upstream's shapes."""

from datetime import datetime
from typing import Any

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.payloads import conversation_event
from dashboard.conversations.queries.recent import Recent
from dashboard.conversations.serializers import attachment_json
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock


def message_webhook(
    event: str, message: Message, conversation: Conversation, recent: Recent, account: Account
) -> dict[str, Any]:
    """`message_created` and `message_updated`; beside upstream's keys those that its guide shows."""
    files = [attachment_json(file) for file in message.files]
    return {
        "account": _account(account),
        "additional_attributes": {},
        "content_attributes": message.content_attributes,
        "content_type": message.content_type,
        "content": _plain(message.content),
        "conversation": _conversation(conversation, recent, account),
        "contact": {"id": conversation.contact_id, "name": conversation.contact.name},
        "created_at": clock.iso(message.created_at),
        "id": message.id,
        "inbox": _inbox(conversation.inbox),
        "message_type": message.message_type,
        "private": message.private,
        "sender": _sender(message, conversation, account),
        "source_id": message.source_id,
        "event": event,
        **({"attachments": files} if files else {}),
    }


def conversation_webhook(
    event: str,
    conversation: Conversation,
    recent: Recent,
    account: Account,
    changed_attributes: dict[str, list[Any]] | None = None,
) -> dict[str, Any]:
    """`conversation_created`, `_updated` and `_status_changed`."""
    face = {**_conversation(conversation, recent, account), "event": event}
    if event == "conversation_status_changed":
        face["changed_attributes"] = None
    elif event == "conversation_updated":
        face["changed_attributes"] = [
            {name: {"previous_value": _plain_value(before), "current_value": _plain_value(after)}}
            for name, (before, after) in (changed_attributes or {}).items()
        ]
    return face


def typing_webhook(
    event: str,
    user: User | None,
    conversation: Conversation,
    recent: Recent,
    account: Account,
    *,
    is_private: bool,
) -> dict[str, Any]:
    """`conversation_typing_on` and `_off`; nobody of the desk is the contact."""
    return {
        "event": event,
        "user": _user(user) if user else _contact(conversation.contact, account),
        "conversation": _conversation(conversation, recent, account),
        "is_private": is_private,
    }


def widget_webhook(
    event: str,
    session: ContactInbox,
    conversation: Conversation | None,
    recent: Recent | None,
    account: Account,
    *,
    event_info: dict[str, Any],
) -> dict[str, Any]:
    """`webwidget_triggered`."""
    return {
        "id": session.id,
        "contact": _contact(session.contact, account),
        "inbox": _inbox(session.inbox),
        "account": _account(account),
        "current_conversation": _conversation(conversation, recent, account)
        if conversation and recent
        else None,
        "source_id": session.source_id,
        "event": event,
        "event_info": event_info,
    }


def _conversation(conversation: Conversation, recent: Recent, account: Account) -> dict[str, Any]:
    face = conversation_event(conversation, recent)
    return {**face, "display_id": conversation.display_id, "account": _account(account)}


def _sender(message: Message, conversation: Conversation, account: Account) -> dict[str, Any] | None:
    if message.is_incoming:
        return _contact(conversation.contact, account)
    return _user(message.sender_user) if message.sender_user else None


def _contact(contact: Contact, account: Account) -> dict[str, Any]:
    return {
        "account": _account(account),
        "additional_attributes": contact.additional_attributes,
        "avatar": contact.thumbnail,
        "custom_attributes": contact.custom_attributes,
        "email": contact.email,
        "id": contact.id,
        "identifier": contact.identifier,
        "name": contact.name,
        "phone_number": contact.phone_number,
        "thumbnail": contact.thumbnail,
        "blocked": contact.blocked,
        "type": "contact",
    }


def _user(user: User) -> dict[str, Any]:
    return {"id": user.id, "name": user.name, "email": user.email, "type": "user"}


def _account(account: Account) -> dict[str, Any]:
    return {"id": account.id, "name": account.name}


def _inbox(inbox: Inbox) -> dict[str, Any]:
    return {"id": inbox.id, "name": inbox.name}


def _plain(content: str) -> str:
    """Without the backslashes that break lines in Markdown, and without what stands empty at the end."""
    return content.replace("\\\n", "\n").rstrip("\n")


def _plain_value(value: Any) -> Any:
    return clock.iso(value) if isinstance(value, datetime) else value
