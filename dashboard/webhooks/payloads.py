"""Events as other people's servers get them: flat objects with `event`, in upstream's shapes."""

from datetime import datetime
from typing import Any

from dashboard.accounts.models import Account
from dashboard.bots.models import Actor
from dashboard.bots.models import AgentBot
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.payloads import conversation_event
from dashboard.conversations.queries.recent import Recent
from dashboard.conversations.serializers import attachment_json
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib import clock

Body = dict[str, Any]
Changes = dict[str, list[Any]]  # each attribute with its old and its new value

# Settings of an inbox that upstream tells; `csat_config` is not among them, and one belongs to the channel.
_OF_INBOX = tuple(name for name in DEFAULTS if name not in {"csat_config", "additional_attributes"})


def conversation_face(conversation: Conversation, recent: Recent, account: Account) -> Body:
    """The conversation as it is in each event that speaks of one."""
    face = conversation_event(conversation, recent)
    beside = {"display_id": conversation.display_id, "account_id": account.id}  # as the guide shows it
    return {**face, **beside, "account": _account(account)}


def message_webhook(event: str, message: Message, face: Body, account: Account) -> Body:
    """`message_created` and `message_updated`; beside upstream's keys those that its guide shows. `face` is
    that of the conversation, here and below."""
    conversation = message.conversation
    files = [attachment_json(file) for file in message.files]
    return {
        "account": _account(account),
        "additional_attributes": {},
        "content_attributes": message.content_attributes,
        "content_type": message.content_type,
        "content": _plain(message.content),
        "conversation": face,
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


def conversation_webhook(event: str, face: Body, changes: Changes | None = None) -> Body:
    """`conversation_created`, `_opened`, `_resolved`, `_status_changed` and `_updated`; of what has changed
    about the status only the last one speaks, as upstream does."""
    if event == "conversation_status_changed":
        return {**face, "event": event, "changed_attributes": None}
    if event == "conversation_updated":
        return {**face, "event": event, "changed_attributes": _told(changes or {})}
    return {**face, "event": event}


def typing_webhook(
    event: str,
    user: Actor | None,
    conversation: Conversation,
    face: Body,
    account: Account,
    *,
    is_private: bool,
) -> Body:
    """`conversation_typing_on` and `_off`; nobody of the desk is the contact."""
    return {
        "event": event,
        "user": _actor(user) if user else _contact(conversation.contact, account),
        "conversation": face,
        "is_private": is_private,
    }


def widget_webhook(
    event: str, session: ContactInbox, face: Body | None, account: Account, *, event_info: dict[str, Any]
) -> Body:
    """`webwidget_triggered`; `face` is that of the conversation where there is one."""
    return {
        "id": session.id,
        "contact": _contact(session.contact, account),
        "inbox": _inbox(session.inbox),
        "account": _account(account),
        "current_conversation": face,
        "source_id": session.source_id,
        "event": event,
        "event_info": event_info,
    }


def contact_webhook(event: str, contact: Contact, account: Account, changes: Changes | None = None) -> Body:
    """`contact_created`, and with what has changed `contact_updated`."""
    face = {**_contact(contact, account), "event": event}
    return {**face, "changed_attributes": _told(changes)} if changes else face


def inbox_webhook(event: str, inbox: Inbox, account: Account, changes: Changes | None = None) -> Body:
    """`inbox_created`, and with what has changed `inbox_updated`. Of the channel, whose whole row upstream
    tells, the secrets are left out; and the inbox says which it is."""
    settings = {**DEFAULTS, **inbox.settings}
    face = {
        **_inbox(inbox),
        **{name: settings[name] for name in _OF_INBOX},
        "lock_to_single_conversation": inbox.lock_to_single_conversation,
        "created_at": clock.iso(inbox.created_at),
        "updated_at": clock.iso(inbox.updated_at),
        "channel": {
            "id": inbox.id,
            "account_id": inbox.account_id,
            "webhook_url": inbox.webhook_url,
            "identifier": inbox.identifier,
            "hmac_mandatory": inbox.hmac_mandatory,
            "additional_attributes": settings["additional_attributes"],
            "created_at": clock.iso(inbox.created_at),
            "updated_at": clock.iso(inbox.updated_at),
        },
        "account": _account(account),
        "event": event,
    }
    return {**face, "changed_attributes": _told(changes)} if changes else face


def _told(changes: Changes) -> list[dict[str, Any]]:
    return [
        {name: {"previous_value": _plain_value(before), "current_value": _plain_value(after)}}
        for name, (before, after) in changes.items()
    ]


def _sender(message: Message, conversation: Conversation, account: Account) -> Body | None:
    if message.sender_bot:
        return _actor(message.sender_bot)
    if message.is_incoming:
        return _contact(conversation.contact, account)
    return _actor(message.sender_user) if message.sender_user else None


def _contact(contact: Contact, account: Account) -> Body:
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


def _actor(actor: Actor) -> Body:
    if isinstance(actor, AgentBot):
        return {"id": actor.id, "name": actor.name, "type": "agent_bot"}
    return {"id": actor.id, "name": actor.name, "email": actor.email, "type": "user"}


def _account(account: Account) -> Body:
    return {"id": account.id, "name": account.name}


def _inbox(inbox: Inbox) -> Body:
    return {"id": inbox.id, "name": inbox.name}


def _plain(content: str) -> str:
    """Without the backslashes that break lines in Markdown, and without what stands empty at the end."""
    return content.replace("\\\n", "\n").rstrip("\n")


def _plain_value(value: Any) -> Any:
    return clock.iso(value) if isinstance(value, datetime) else value
