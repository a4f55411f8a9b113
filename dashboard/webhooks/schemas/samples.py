"""Events that never were, with somebody who does not exist: what a test of a webhook sends."""

from typing import Any

from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib import clock
from dashboard.webhooks.schemas.events import SCHEMAS

_MORNING = 1_767_258_000  # in seconds since 1970
_ACCOUNT = {"id": 1, "name": "Acme"}
_INBOX = {"id": 1, "name": "Website"}
_CUSTOMER: dict[str, Any] = {
    "id": 1,
    "name": "Maria Silva",
    "email": "maria@example.com",
    "phone_number": "+351210000000",
    "identifier": "crm-1042",
    "blocked": False,
    "thumbnail": "",
    "additional_attributes": {"city": "Lisbon"},
    "custom_attributes": {"plan": "gold"},
    "type": "contact",
}
_CONTACT = {**_CUSTOMER, "avatar": "", "account": _ACCOUNT}
_QUESTION = "Where is my order 1042?"


def sample_of(event: str) -> dict[str, Any]:
    """A body of that event, as its schema wants it."""
    conversation = _conversation("resolved" if event == "conversation_resolved" else "open")
    known = {
        **conversation,
        **(_CONTACT if event.startswith("contact_") else {}),
        **(_inbox() if event.startswith("inbox_") else {}),
        **(_message() if event.startswith("message_") else {}),
        **({"id": 1, "source_id": "1c2b"} if event == "webwidget_triggered" else {}),
        "contact": {"id": 1, "name": "Maria Silva"} if event.startswith("message_") else _CONTACT,
        "inbox": _INBOX,
        "account": _ACCOUNT,
        "conversation": conversation,
        "current_conversation": conversation,
        "user": _CONTACT,
        "is_private": False,
        "event": event,
        "event_info": {"name": "chat.opened", "page": "https://shop.example.com/cart"},
        "changed_attributes": _changes(event),
    }
    return {name: known[name] for name in SCHEMAS[event]["required"]}


def _changes(event: str) -> list[dict[str, Any]] | None:
    change = {
        "conversation_updated": ("status", "resolved", "open"),
        "contact_updated": ("name", "Maria", "Maria Silva"),
        "inbox_updated": ("name", "Shop", "Website"),
    }.get(event)
    return change and [{change[0]: {"previous_value": change[1], "current_value": change[2]}}]


def _time() -> str:
    return clock.iso(clock.from_epoch(_MORNING))


def _message() -> dict[str, Any]:
    return {
        "id": 1,
        "content": _QUESTION,
        "content_type": "text",
        "content_attributes": {},
        "message_type": "incoming",
        "private": False,
        "sender": _CONTACT,
        "source_id": None,
        "additional_attributes": {},
        "created_at": _time(),
    }


def _inbox() -> dict[str, Any]:
    times = {"created_at": _time(), "updated_at": _time()}
    return {
        **DEFAULTS,
        **_INBOX,
        **times,
        "lock_to_single_conversation": False,
        "channel": {
            "id": 1,
            "account_id": 1,
            "webhook_url": "",
            "identifier": "h7Lr2c9QmVbX4tKd8sWyJf3n",
            "hmac_mandatory": False,
            "additional_attributes": {},
            **times,
        },
    }


def _conversation(status: str) -> dict[str, Any]:
    seconds = ("waiting_since", "contact_last_seen_at", "last_activity_at", "timestamp", "created_at")
    return {
        **dict.fromkeys(seconds, _MORNING),
        "id": 1,
        "display_id": 1,
        "account": _ACCOUNT,
        "account_id": 1,
        "inbox_id": 1,
        "channel": "Channel::Api",
        "status": status,
        "priority": None,
        "labels": ["delivery"],
        "meta": {
            "sender": _CUSTOMER,
            "assignee": None,
            "assignee_type": None,
            "team": None,
            "hmac_verified": False,
        },
        "contact_inbox": _session(),
        "messages": [_last_message()],
        "unread_count": 1,
        "can_reply": True,
        "additional_attributes": {},
        "custom_attributes": {"order_id": "1042"},
        "snoozed_until": None,
        "first_reply_created_at": None,
        "agent_last_seen_at": 0,
        "updated_at": _MORNING + 0.25,
    }


def _session() -> dict[str, Any]:
    return {
        "id": 1,
        "contact_id": 1,
        "inbox_id": 1,
        "source_id": "1c2b",
        "hmac_verified": False,
        "created_at": _time(),
        "updated_at": _time(),
    }


def _last_message() -> dict[str, Any]:
    said = {name: value for name, value in _message().items() if name != "sender"}
    return {
        **said,
        "message_type": 0,
        "processed_message_content": _QUESTION,
        "status": "sent",
        "sender": _CUSTOMER,
        "sender_type": "Contact",
        "sender_id": 1,
        "account_id": 1,
        "inbox_id": 1,
        "conversation_id": 1,
        "conversation": {
            "assignee_id": None,
            "unread_count": 1,
            "last_activity_at": _MORNING,
            "contact_inbox": {"source_id": "1c2b"},
        },
        "external_source_ids": {},
        "sentiment": {},
        "created_at": _MORNING,
        "updated_at": _time(),
    }
