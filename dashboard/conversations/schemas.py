"""How a list of conversations may be asked for; conversations and messages in JSON."""

from dataclasses import dataclass
from dataclasses import field
from typing import Any

from dashboard.conversations.models import FILE_TYPES
from dashboard.conversations.models import MESSAGE_STATUSES
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import STATUSES
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_

ASSIGNEE_TYPES = ("me", "unassigned", "assigned", "all")
SORTS = (
    "last_activity_at_desc",
    "last_activity_at_asc",
    "created_at_desc",
    "created_at_asc",
    "priority_desc",
    "priority_asc",
    "waiting_since_asc",
    "waiting_since_desc",
)
# What only the API sorts by: a numbered page needs no place in the list to go on from.
API_SORTS = (*SORTS, "priority_desc_created_at_asc", "unread")
CONVERSATION_TYPES = ("all", "unattended", "participating", "mention")


@dataclass(frozen=True)
class Wanted:
    """Which conversations, in which order.

    Raises:
        Invalid: a word that is none of the list.
    """

    status: str = "open"
    assignee_type: str = "all"
    inbox_id: int | None = None
    labels: tuple[str, ...] = field(default=())
    q: str = ""
    sort_by: str = "last_activity_at_desc"
    conversation_type: str = "all"  # unattended: not answered, or waiting again
    looks_into: str = "contacts"  # where `q` is sought: there, or in `messages` too

    def __post_init__(self) -> None:
        for name, words in (
            ("status", (*STATUSES, "all")),
            ("assignee_type", ASSIGNEE_TYPES),
            ("sort_by", API_SORTS),
            ("conversation_type", CONVERSATION_TYPES),
        ):
            if getattr(self, name) not in words:
                raise Invalid(name, N_("is not included in the list"))


Schema = dict[str, Any]

_ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
_MAYBE_ID: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**63 - 1}
_WORD: Schema = {"type": ["string", "null"]}
_FLAG: Schema = {"type": ["boolean", "null"]}
_OBJECT: Schema = {"type": ["object", "null"]}
_SECONDS: Schema = {
    "type": ["integer", "null"],
    "minimum": 0,
    "maximum": 253_402_300_799,  # the last second of the year 9999
    "description": "Seconds since 1970",
}

MESSAGE_CREATION: Schema = {
    "type": "object",
    "properties": {
        "content": {"type": ["string", "null"]},
        "message_type": {"enum": ["outgoing", "incoming", "template", None]},
        "private": _FLAG,
        "content_type": _WORD,
        "content_attributes": _OBJECT,
        "attachments": {
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "Files, as parts of a multipart body: 15 at most, of 40 MB each",
        },
        "echo_id": _WORD,
        "source_id": {"type": ["string", "null"], "maxLength": 20_000},
    },
}
MESSAGE_STATUS: Schema = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"enum": list(MESSAGE_STATUSES)},
        "external_error": {"type": ["string", "null"], "maxLength": 20_000},
    },
}
CREATION: Schema = {
    "type": "object",
    "properties": {
        "source_id": {"type": ["string", "null"], "maxLength": 255},
        "inbox_id": _MAYBE_ID,
        "contact_id": _MAYBE_ID,
        "hmac_verified": _FLAG,
        "additional_attributes": _OBJECT,
        "custom_attributes": _OBJECT,
        "status": _WORD,
        "snoozed_until": _SECONDS,
        "assignee_id": _MAYBE_ID,
        "message": {**MESSAGE_CREATION, "type": ["object", "null"]},
    },
}
CHANGES: Schema = {"type": "object", "properties": {"priority": _WORD}}
STATUS: Schema = {"type": "object", "properties": {"status": _WORD, "snoozed_until": _SECONDS}}
TYPING: Schema = {
    "type": "object",
    "required": ["typing_status"],
    "properties": {"typing_status": {"enum": ["on", "off"]}, "is_private": {"type": "boolean"}},
}
ASSIGNMENT: Schema = {"type": "object", "properties": {"assignee_id": _MAYBE_ID, "assignee_type": _WORD}}
LABELS: Schema = {
    "type": "object",
    "required": ["labels"],
    "properties": {"labels": {"type": "array", "items": {"type": "string"}, "maxItems": 100}},
}
ATTRIBUTES: Schema = {
    "type": "object",
    "required": ["custom_attributes"],
    "properties": {"custom_attributes": {"type": "object"}},
}

_TIME: Schema = {"type": "integer", "description": "Seconds since 1970, 0 for never"}
ATTACHMENT: Schema = {
    "title": "Attachment",
    "type": "object",
    "required": ["id", "message_id", "file_type", "data_url", "thumb_url", "file_size"],
    "properties": {
        "id": {"type": "integer"},
        "message_id": {"type": "integer"},
        "account_id": {"type": "integer"},
        "file_type": {"enum": list(FILE_TYPES)},
        "extension": {"type": ["string", "null"]},
        "content_type": {"type": "string"},
        "data_url": {"type": "string", "description": "The file; good for three months at least"},
        "thumb_url": {"type": "string", "description": "A small picture; empty where it is no picture"},
        "file_size": {"type": "integer"},
        "width": {"type": ["integer", "null"]},
        "height": {"type": ["integer", "null"]},
        "transcribed_text": {"type": "string"},
    },
}
MESSAGE: Schema = {
    "title": "Message",
    "type": "object",
    "required": ["id", "content", "message_type", "private", "created_at", "conversation_id"],
    "properties": {
        "id": {"type": "integer"},
        "content": {"type": "string"},
        "inbox_id": {"type": "integer"},
        "conversation_id": {"type": "integer"},
        "message_type": {"enum": [0, 1, 2, 3], "description": "incoming, outgoing, activity, template"},
        "content_type": {"type": "string"},
        "content_attributes": {"type": "object"},
        "status": {"enum": ["sent", "delivered", "read", "failed"]},
        "private": {"type": "boolean"},
        "source_id": {"type": ["string", "null"]},
        "echo_id": {"type": "string"},
        "created_at": {"type": "integer"},
        "sender": {"type": "object"},
        "attachments": {"type": "array", "items": ATTACHMENT, "description": "Missing where there are none"},
    },
}
MESSAGES: Schema = {
    "type": "object",
    "required": ["meta", "payload"],
    "properties": {"meta": {"type": "object"}, "payload": {"type": "array", "items": MESSAGE}},
}
CONVERSATION: Schema = {
    "title": "Conversation",
    "type": "object",
    "required": ["id", "account_id", "inbox_id", "status", "meta", "messages"],
    "properties": {
        "id": {"type": "integer", "description": "The number that people of the account know it by"},
        "uuid": {"type": "string"},
        "account_id": {"type": "integer"},
        "inbox_id": {"type": "integer"},
        "status": {"enum": list(STATUSES)},
        "priority": {"enum": [*PRIORITIES, None]},
        "meta": {
            "type": "object",
            "required": ["sender", "channel"],
            "properties": {
                "sender": {"type": "object"},
                "channel": {"type": "string"},
                "assignee": {"type": "object", "description": "Missing where nobody is assigned"},
                "assignee_type": {"type": "string"},
                "hmac_verified": {"type": "boolean"},
            },
        },
        "messages": {"type": "array", "items": {"type": "object"}, "maxItems": 1},
        "last_non_activity_message": {"type": ["object", "null"]},
        "labels": {"type": "array", "items": {"type": "string"}},
        "additional_attributes": {"type": "object"},
        "custom_attributes": {"type": "object"},
        "can_reply": {"type": "boolean"},
        "muted": {"type": "boolean"},
        "unread_count": {"type": "integer", "maximum": 10},
        "snoozed_until": {"type": ["integer", "null"]},
        "agent_last_seen_at": _TIME,
        "assignee_last_seen_at": _TIME,
        "contact_last_seen_at": _TIME,
        "first_reply_created_at": _TIME,
        "waiting_since": _TIME,
        "last_activity_at": _TIME,
        "timestamp": _TIME,
        "created_at": _TIME,
        "updated_at": {"type": "number"},
        "sla_policy_id": {"type": "null"},
    },
}
_COUNT: Schema = {"type": "integer", "description": "At most 10,000"}
META: Schema = {
    "type": "object",
    "required": ["mine_count", "unassigned_count", "all_count"],
    "properties": {
        "mine_count": _COUNT,
        "assigned_count": _COUNT,
        "unassigned_count": _COUNT,
        "all_count": _COUNT,
    },
}
ATTACHMENTS: Schema = {
    "type": "object",
    "required": ["meta", "payload"],
    "properties": {
        "meta": {"type": "object", "properties": {"total_count": {"type": "integer"}}},
        "payload": {"type": "array", "items": ATTACHMENT},
    },
}
COUNTS: Schema = {"type": "object", "required": ["meta"], "properties": {"meta": META}}
CONVERSATIONS: Schema = {
    "type": "object",
    "required": ["payload"],
    "properties": {"payload": {"type": "array", "items": CONVERSATION}},
}
FILTERED: Schema = {
    "type": "object",
    "required": ["meta", "payload"],
    "properties": {"meta": META, **CONVERSATIONS["properties"]},
}
LIST: Schema = {"type": "object", "required": ["data"], "properties": {"data": FILTERED}}
STATUS_CHANGED: Schema = {
    "type": "object",
    "required": ["payload"],
    "properties": {
        "payload": {
            "type": "object",
            "required": ["success", "conversation_id", "current_status", "snoozed_until"],
            "properties": {
                "success": {"type": "boolean"},
                "conversation_id": {"type": "integer"},
                "current_status": {"enum": list(STATUSES)},
                "snoozed_until": {"type": ["integer", "null"]},
            },
        }
    },
}
LABELLED: Schema = {
    "type": "object",
    "required": ["payload"],
    "properties": {"payload": {"type": "array", "items": {"type": "string"}}},
}
_FOUND_CONVERSATION: Schema = {
    "type": "object",
    "required": ["id", "account_id", "created_at", "contact", "inbox"],
    "properties": {
        "id": {"type": "integer", "description": "The number that people of the account know it by"},
        "account_id": {"type": "integer"},
        "created_at": {"type": "integer"},
        "message": {"description": "The first one", **MESSAGE, "type": ["object", "null"]},
        "contact": {"type": "object"},
        "inbox": {"type": "object"},
        "agent": {"type": ["object", "null"]},
        "additional_attributes": {"type": "object"},
    },
}
_FOUND: dict[str, Schema] = {
    "conversations": {"type": "array", "items": _FOUND_CONVERSATION},
    "contacts": {"type": "array", "items": {"type": "object"}},
    "messages": {"type": "array", "items": MESSAGE},
    "articles": {"type": "array", "maxItems": 0, "description": "There is no help center"},
}


def found_schema(*kinds: str) -> Schema:
    """What a search for these kinds answers."""
    found = {"type": "object", "required": list(kinds), "properties": {kind: _FOUND[kind] for kind in kinds}}
    return {"type": "object", "required": ["payload"], "properties": {"payload": found}}
