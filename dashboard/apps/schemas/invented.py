"""A conversation that never was, with somebody who does not exist: apps are tried on it."""

from typing import Any

from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation

_DAY = 1_767_258_000  # a morning, in seconds since 1970
_CONTACT: dict[str, Any] = {
    "id": 1,
    "name": "Maria Silva",
    "email": "maria@example.com",
    "phone_number": "+351210000000",
    "identifier": "crm-1042",
    "blocked": False,
    "thumbnail": "",
    "availability_status": "offline",
    "additional_attributes": {"city": "Lisbon", "country": "Portugal"},
    "custom_attributes": {"plan": "gold"},
    "created_at": _DAY - 86_400,
}


def invented_conversation() -> Conversation:
    """The same for the variables of an address; never stored."""
    known = {name: _CONTACT[name] for name in ("id", "name", "email", "phone_number", "identifier")}
    contact = Contact(**known, custom_attributes=_CONTACT["custom_attributes"])
    return Conversation(
        display_id=1, inbox_id=1, status="open", contact=contact, custom_attributes={"order_id": "1042"}
    )


def invented_context(agent: dict[str, Any]) -> dict[str, Any]:
    """As it is written, with that agent in front of it."""
    return {
        "conversation": {
            "id": 1,
            "uuid": "6f2c1f0e-5a0b-4f43-9b0e-2f6f0d3c7a11",
            "account_id": 1,
            "inbox_id": 1,
            "status": "open",
            "priority": "high",
            "labels": ["delivery"],
            "muted": False,
            "can_reply": True,
            "unread_count": 1,
            "snoozed_until": None,
            "created_at": _DAY,
            "updated_at": _DAY + 300,
            "timestamp": _DAY + 300,
            "last_activity_at": _DAY + 300,
            "first_reply_created_at": _DAY + 120,
            "waiting_since": _DAY + 300,
            "agent_last_seen_at": _DAY + 120,
            "assignee_last_seen_at": 0,
            "contact_last_seen_at": _DAY + 300,
            "sla_policy_id": None,
            "additional_attributes": {},
            "custom_attributes": {"order_id": "1042"},
            "meta": {"channel": "Channel::Api", "hmac_verified": False},
            "messages": [
                _message(1, 0, "Where is my order?", {**_CONTACT, "type": "contact"}),
                _message(2, 1, "I look into it.", _worker(agent)),
                _message(3, 1, "She has asked twice already.", _worker(agent), private=True),
                _message(4, 0, "It is the one with the two lamps.", {**_CONTACT, "type": "contact"}),
            ],
        },
        "contact": {**_CONTACT},
        "currentAgent": agent,
        "customAttributes": [
            _definition(1, "plan", "Plan", "contact_attribute"),
            _definition(2, "order_id", "Order", "conversation_attribute"),
        ],
    }


def _message(
    number: int, kind: int, content: str, sender: dict[str, Any], *, private: bool = False
) -> dict[str, Any]:
    return {
        "id": number,
        "content": content,
        "inbox_id": 1,
        "conversation_id": 1,
        "message_type": kind,
        "content_type": "text",
        "content_attributes": {},
        "status": "sent",
        "private": private,
        "source_id": None,
        "created_at": _DAY + 60 * number,
        "sender": sender,
    }


def _worker(agent: dict[str, Any]) -> dict[str, Any]:
    name = agent["name"]
    face = {"id": agent["id"], "name": name, "available_name": name, "type": "user"}
    return {**face, "availability_status": "online", "avatar_url": "", "thumbnail": ""}


def _definition(number: int, key: str, name: str, model: str) -> dict[str, Any]:
    return {
        "id": number,
        "attribute_key": key,
        "attribute_display_name": name,
        "attribute_display_type": "text",
        "attribute_description": None,
        "attribute_model": model,
        "attribute_values": [],
        "default_value": None,
        "regex_pattern": None,
        "regex_cue": None,
        "created_at": "2026-01-01T09:00:00.000Z",
        "updated_at": "2026-01-01T09:00:00.000Z",
    }
