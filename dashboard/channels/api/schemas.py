"""The client API in JSON: what a customer's own program may send, and what it is answered (contract 4)."""

from typing import Any

from dashboard.conversations.schemas import ATTACHMENT
from dashboard.inboxes.schemas import WORKING_DAY

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "null"], "maxLength": 20_000}
_OBJECT: Schema = {"type": ["object", "null"]}
_WHEN: Schema = {"type": ["string", "null"], "description": "ISO 8601 in UTC"}
_SECONDS: Schema = {"type": "integer", "description": "Seconds since 1970, 0 for never"}

PROOF: dict[str, Schema] = {
    "identifier": _TEXT,
    "identifier_hash": {**_TEXT, "description": "HMAC-SHA256 of the identifier, keyed by the inbox's token"},
}
CHANGES: Schema = {
    "type": "object",
    "properties": {
        **PROOF,
        "name": _TEXT,
        "email": _TEXT,
        "phone_number": _TEXT,
        "avatar_url": _TEXT,
        "custom_attributes": _OBJECT,
    },
}
CREATION: Schema = {
    "type": "object",
    "properties": {**CHANGES["properties"], "source_id": {"type": ["string", "null"], "maxLength": 255}},
}
CONVERSATION_CREATION: Schema = {"type": "object", "properties": {"custom_attributes": _OBJECT}}
TYPING: Schema = {"type": "object", "properties": {"typing_status": {"type": ["string", "null"]}}}
EVENT: Schema = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "event_info": _OBJECT,
    },
}
MESSAGE_CREATION: Schema = {
    "type": "object",
    "properties": {"content": {"type": ["string", "null"]}, "echo_id": {"type": ["string", "null"]}},
}
SUBMITTED: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": ["string", "null"]},
        "title": {"type": ["string", "null"]},
        "value": {"type": ["string", "null"]},
        "csat_survey_response": {
            "type": ["object", "null"],
            "properties": {
                "feedback_message": _TEXT,
                "rating": {"type": ["integer", "null"], "minimum": 1, "maximum": 5},
            },
        },
    },
}
MESSAGE_CHANGES: Schema = {
    "type": "object",
    "required": ["submitted_values"],
    "properties": {
        "submitted_values": {
            "anyOf": [SUBMITTED, {"type": "array", "maxItems": 100, "items": SUBMITTED}],
            "description": "What was chosen or filled in: an object, or a list of them for a form",
        }
    },
}

INBOX: Schema = {
    "title": "ClientInbox",
    "type": "object",
    "required": ["identifier", "identity_validation_enabled", "name"],
    "properties": {
        "identifier": {"type": "string"},
        "identity_validation_enabled": {"type": "boolean"},
        "name": {"type": "string"},
        "timezone": {"type": "string"},
        "working_hours": {"type": "array", "items": WORKING_DAY},
        "working_hours_enabled": {"type": "boolean"},
        "csat_survey_enabled": {"type": "boolean"},
        "greeting_enabled": {"type": "boolean"},
    },
}
SESSION: Schema = {
    "title": "ClientSession",
    "type": "object",
    "required": ["source_id", "pubsub_token", "id", "name", "email", "phone_number"],
    "properties": {
        "source_id": {"type": "string", "description": "Names the session in every further address"},
        "pubsub_token": {"type": "string", "description": "Opens `/cable` for this session"},
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": ["string", "null"]},
        "phone_number": {"type": ["string", "null"]},
    },
}
CONTACT_ROW: Schema = {
    "title": "ClientContact",
    "type": "object",
    "required": ["id", "name", "email", "phone_number", "account_id"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": ["string", "null"]},
        "phone_number": {"type": ["string", "null"]},
        "account_id": {"type": "integer"},
        "identifier": {"type": ["string", "null"]},
        "additional_attributes": {"type": "object"},
        "custom_attributes": {"type": "object"},
        "blocked": {"type": "boolean"},
        "contact_type": {"enum": ["visitor", "lead"]},
        "last_activity_at": _WHEN,
        "created_at": _WHEN,
        "updated_at": _WHEN,
    },
}
MESSAGE: Schema = {
    "title": "ClientMessage",
    "type": "object",
    "required": ["id", "content", "message_type", "content_type", "created_at", "conversation_id"],
    "properties": {
        "id": {"type": "integer"},
        "content": {"type": "string"},
        "message_type": {"enum": [0, 1, 3], "description": "incoming, outgoing, template"},
        "content_type": {"type": "string"},
        "content_attributes": {"type": "object"},
        "created_at": {"type": "integer"},
        "conversation_id": {"type": "integer"},
        "attachments": {"type": "array", "items": ATTACHMENT, "description": "Missing where there are none"},
        "sender": {"type": "object", "description": "Missing where nobody wrote it"},
    },
}
MESSAGES: Schema = {"type": "array", "items": MESSAGE}
CONVERSATION: Schema = {
    "title": "ClientConversation",
    "type": "object",
    "required": ["id", "uuid", "inbox_id", "status", "messages", "contact"],
    "properties": {
        "id": {"type": "integer"},
        "uuid": {"type": "string"},
        "inbox_id": {"type": "integer"},
        "contact_last_seen_at": _SECONDS,
        "agent_last_seen_at": _SECONDS,
        "status": {"enum": ["open", "resolved", "pending", "snoozed"]},
        "messages": MESSAGES,
        "contact": CONTACT_ROW,
    },
}
CONVERSATIONS: Schema = {"type": "array", "items": CONVERSATION}
