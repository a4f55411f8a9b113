"""The client API in JSON: what a customer's own program may send, and what it is answered."""

from dashboard.conversations.schemas import ATTACHMENT
from dashboard.inboxes.schemas import WORKING_DAY
from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import MAYBE_ADDRESS
from dashboard.lib.shapes import MAYBE_LINE
from dashboard.lib.shapes import MAYBE_LONG_TEXT
from dashboard.lib.shapes import MAYBE_OBJECT
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of

_WHEN: Schema = {"type": ["string", "null"], "description": "ISO 8601 in UTC"}
_SECONDS: Schema = {"type": "integer", "description": "Seconds since 1970, 0 for never"}

PROOF: dict[str, Schema] = {
    "identifier": MAYBE_LONG_TEXT,
    "identifier_hash": {
        **MAYBE_LONG_TEXT,
        "description": "HMAC-SHA256 of the identifier, keyed by the inbox's token",
    },
}
CHANGES: Schema = {
    "type": "object",
    "properties": {
        **PROOF,
        "name": MAYBE_LONG_TEXT,
        "email": MAYBE_LONG_TEXT,
        "phone_number": MAYBE_LONG_TEXT,
        "avatar_url": MAYBE_ADDRESS,
        "custom_attributes": MAYBE_OBJECT,
    },
}
CREATION: Schema = {
    "type": "object",
    "properties": {**CHANGES["properties"], "source_id": MAYBE_LINE},
}
CONVERSATION_CREATION: Schema = {"type": "object", "properties": {"custom_attributes": MAYBE_OBJECT}}
TYPING: Schema = {"type": "object", "properties": {"typing_status": MAYBE_TEXT}}
EVENT: Schema = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "event_info": MAYBE_OBJECT,
    },
}
MESSAGE_CREATION: Schema = {
    "type": "object",
    "properties": {"content": MAYBE_TEXT, "echo_id": MAYBE_LINE},
}
RATING: Schema = {
    "type": ["object", "null"],
    "properties": {
        "feedback_message": MAYBE_LONG_TEXT,
        "rating": {"type": ["integer", "null"], "minimum": 1, "maximum": 5},
    },
}
SUBMITTED: Schema = {
    "type": "object",
    "properties": {
        "name": MAYBE_TEXT,
        "title": MAYBE_TEXT,
        "value": MAYBE_TEXT,
        "csat_survey_response": RATING,
    },
}
MESSAGE_CHANGES: Schema = envelope(
    submitted_values={
        "anyOf": [SUBMITTED, list_of(SUBMITTED, maxItems=100)],
        "description": "What was chosen or filled in: an object, or a list of them for a form",
    }
)

SURVEY_ANSWER: Schema = envelope(message=envelope(submitted_values=envelope(csat_survey_response=RATING)))
SURVEY: Schema = {
    "title": "Survey",
    "type": "object",
    "required": ["id", "csat_survey_response", "display_type", "content", "conversation_id"],
    "properties": {
        "id": NUMBER,
        "csat_survey_response": RATING,
        "display_type": TEXT,
        "content": TEXT,
        "inbox_avatar_url": TEXT,
        "inbox_name": TEXT,
        "locale": TEXT,
        "conversation_id": NUMBER,
        "created_at": {"type": "integer", "description": "Seconds since 1970"},
    },
}

INBOX: Schema = {
    "title": "ClientInbox",
    "type": "object",
    "required": ["identifier", "identity_validation_enabled", "name"],
    "properties": {
        "identifier": TEXT,
        "identity_validation_enabled": FLAG,
        "name": TEXT,
        "timezone": TEXT,
        "working_hours": list_of(WORKING_DAY),
        "working_hours_enabled": FLAG,
        "csat_survey_enabled": FLAG,
        "greeting_enabled": FLAG,
    },
}
SESSION: Schema = {
    "title": "ClientSession",
    "type": "object",
    "required": ["source_id", "pubsub_token", "id", "name", "email", "phone_number"],
    "properties": {
        "source_id": {"type": "string", "description": "Names the session in every further address"},
        "pubsub_token": {"type": "string", "description": "Opens `/cable` for this session"},
        "id": NUMBER,
        "name": TEXT,
        "email": MAYBE_TEXT,
        "phone_number": MAYBE_TEXT,
    },
}
CONTACT_ROW: Schema = {
    "title": "ClientContact",
    "type": "object",
    "required": ["id", "name", "email", "phone_number", "account_id"],
    "properties": {
        "id": NUMBER,
        "name": TEXT,
        "email": MAYBE_TEXT,
        "phone_number": MAYBE_TEXT,
        "account_id": NUMBER,
        "identifier": MAYBE_TEXT,
        "additional_attributes": OBJECT,
        "custom_attributes": OBJECT,
        "blocked": FLAG,
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
        "id": NUMBER,
        "content": TEXT,
        "message_type": {"enum": [0, 1, 3], "description": "incoming, outgoing, template"},
        "content_type": TEXT,
        "content_attributes": OBJECT,
        "created_at": NUMBER,
        "conversation_id": NUMBER,
        "attachments": list_of(ATTACHMENT, description="Missing where there are none"),
        "sender": {"type": "object", "description": "Missing where nobody wrote it"},
    },
}
MESSAGES: Schema = list_of(MESSAGE)
CONVERSATION: Schema = {
    "title": "ClientConversation",
    "type": "object",
    "required": ["id", "uuid", "inbox_id", "status", "messages", "contact"],
    "properties": {
        "id": NUMBER,
        "uuid": TEXT,
        "inbox_id": NUMBER,
        "contact_last_seen_at": _SECONDS,
        "agent_last_seen_at": _SECONDS,
        "status": {"enum": ["open", "resolved", "pending", "snoozed"]},
        "messages": MESSAGES,
        "contact": CONTACT_ROW,
    },
}
CONVERSATIONS: Schema = list_of(CONVERSATION)
