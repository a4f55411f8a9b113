"""Events of an inbox with a callback become notices, in the transaction of the change."""

from typing import Any

from dashboard.accounts.models import Account
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.recent import recent_of
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.transactions import Event
from dashboard.webhooks.operations.anchors import callback_of
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.operations.promising import tell_once
from dashboard.webhooks.payloads import conversation_face
from dashboard.webhooks.payloads import conversation_webhook
from dashboard.webhooks.payloads import message_webhook
from dashboard.webhooks.payloads import typing_webhook
from dashboard.webhooks.payloads import widget_webhook


def tell_of_message(event: Event) -> None:
    """Every message but activity lines; private notes too, as upstream does."""
    message, conversation = event.data["message"], event.data["conversation"]
    if message.is_activity or not _has_callback(conversation.inbox):
        return
    body = message_webhook(_name(event), message, _face(conversation), _account_of(conversation))
    _tell(conversation, body, message=message)


def tell_of_conversation(event: Event) -> None:
    """That it was opened, or something about it changed."""
    conversation = event.data["conversation"]
    if _has_callback(conversation.inbox):
        changed = event.data.get("changed_attributes")
        _tell(conversation, conversation_webhook(_name(event), _face(conversation), changed))


def tell_of_typing(event: Event) -> None:
    """Contacts' and agents', the latter also in private."""
    conversation = event.data["conversation"]
    if _has_callback(conversation.inbox):
        body = typing_webhook(
            _name(event),
            event.data["user"],
            conversation,
            _face(conversation),
            _account_of(conversation),
            is_private=bool(event.data["is_private"]),
        )
        tell_once(body, to=[callback_of(conversation.inbox)])


def tell_of_widget(event: Event) -> None:
    """That something happened in the customer's own program."""
    session, conversation = event.data["contact_inbox"], event.data["conversation"]
    if not _has_callback(session.inbox):
        return
    account = db.session.get_one(Account, session.inbox.account_id)
    face = _face(conversation) if conversation else None
    body = widget_webhook(_name(event), session, face, account, event_info=event.data["event_info"])
    promise(body, account_id=account.id, to=[callback_of(session.inbox)], subject=f"s{session.id}")


def _tell(conversation: Conversation, body: dict[str, Any], message: Message | None = None) -> None:
    promise(
        body,
        account_id=conversation.account_id,
        to=[callback_of(conversation.inbox)],
        subject=f"c{conversation.id}",
        message=message,
    )


def _has_callback(inbox: Inbox) -> bool:
    return bool(inbox.webhook_url) and inbox.deleted_at is None


def _face(conversation: Conversation) -> dict[str, Any]:
    return conversation_face(conversation, recent_of(conversation), _account_of(conversation))


def _account_of(conversation: Conversation) -> Account:
    return db.session.get_one(Account, conversation.account_id)


def _name(event: Event) -> str:
    return event.name.replace(".", "_")
