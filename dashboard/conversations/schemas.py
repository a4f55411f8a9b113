"""How a list of conversations may be asked for; conversations and messages in JSON."""

from dataclasses import dataclass
from dataclasses import field
from datetime import date

from dashboard.conversations.models import FILE_TYPES
from dashboard.conversations.models import MESSAGE_STATUSES
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import STATUSES
from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.errors import Invalid
from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import MAYBE_FLAG
from dashboard.lib.shapes import MAYBE_ID
from dashboard.lib.shapes import MAYBE_LINE
from dashboard.lib.shapes import MAYBE_LONG_TEXT
from dashboard.lib.shapes import MAYBE_NUMBER
from dashboard.lib.shapes import MAYBE_OBJECT
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NULL
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of
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


_YEARS = (1970, 9998)


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
    priority: str = ""
    assignee_id: int | None = None
    created_since: str = ""  # days, as ISO 8601 writes them, in `zone`
    created_until: str = ""
    zone: str = "UTC"
    attributes: tuple[tuple[str, str], ...] = field(default=())  # custom ones, by key

    def __post_init__(self) -> None:
        for name, words in (
            ("status", (*STATUSES, "all")),
            ("assignee_type", ASSIGNEE_TYPES),
            ("sort_by", API_SORTS),
            ("conversation_type", CONVERSATION_TYPES),
            ("priority", ("", *PRIORITIES)),
        ):
            if getattr(self, name) not in words:
                raise Invalid(name, NOT_LISTED)
        for name in ("created_since", "created_until"):
            if not _is_day(getattr(self, name)):
                raise Invalid(name, N_("is invalid"))


def _is_day(text: str) -> bool:
    """Whether it is one that calendars and databases know, or none at all."""
    try:
        return not text or _YEARS[0] <= date.fromisoformat(text).year <= _YEARS[1]
    except ValueError:
        return False


_SECONDS: Schema = {
    "type": ["integer", "null"],
    "minimum": 0,
    "maximum": 253_402_300_799,  # the last second of the year 9999
    "description": "Seconds since 1970",
}

MESSAGE_CREATION: Schema = {
    "type": "object",
    "properties": {
        "content": MAYBE_TEXT,
        "message_type": {"enum": ["outgoing", "incoming", "template", None]},
        "private": MAYBE_FLAG,
        "content_type": MAYBE_TEXT,
        "content_attributes": MAYBE_OBJECT,
        "attachments": {
            "type": ["array", "null"],
            "items": TEXT,
            "description": "Files, as parts of a multipart body: 15 at most, of 40 MB each",
        },
        "echo_id": MAYBE_LINE,
        "source_id": MAYBE_LONG_TEXT,
        "sender_type": {**MAYBE_TEXT, "description": "`AgentBot`: in the name of the bot `sender_id`"},
        "sender_id": MAYBE_ID,
    },
}
MESSAGE_STATUS: Schema = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"enum": list(MESSAGE_STATUSES)},
        "external_error": MAYBE_LONG_TEXT,
    },
}
CREATION: Schema = {
    "type": "object",
    "properties": {
        "source_id": MAYBE_LINE,
        "inbox_id": MAYBE_ID,
        "contact_id": MAYBE_ID,
        "hmac_verified": MAYBE_FLAG,
        "additional_attributes": MAYBE_OBJECT,
        "custom_attributes": MAYBE_OBJECT,
        "status": MAYBE_TEXT,
        "snoozed_until": _SECONDS,
        "assignee_id": MAYBE_ID,
        "message": {**MESSAGE_CREATION, "type": ["object", "null"]},
    },
}
CHANGES: Schema = {"type": "object", "properties": {"priority": MAYBE_TEXT}}
STATUS: Schema = {"type": "object", "properties": {"status": MAYBE_TEXT, "snoozed_until": _SECONDS}}
TYPING: Schema = {
    "type": "object",
    "required": ["typing_status"],
    "properties": {"typing_status": {"enum": ["on", "off"]}, "is_private": FLAG},
}
ASSIGNMENT: Schema = {
    "type": "object",
    "properties": {
        "assignee_id": MAYBE_ID,
        "assignee_type": {
            **MAYBE_TEXT,
            "description": "`AgentBot` for a bot, `User` or nothing for a person",
        },
    },
}
LABELS: Schema = envelope(labels=list_of(TEXT, maxItems=100))
ATTRIBUTES: Schema = envelope(custom_attributes=OBJECT)

_TIME: Schema = {"type": "integer", "description": "Seconds since 1970, 0 for never"}
ATTACHMENT: Schema = {
    "title": "Attachment",
    "type": "object",
    "required": ["id", "message_id", "file_type", "data_url", "thumb_url", "file_size"],
    "properties": {
        "id": NUMBER,
        "message_id": NUMBER,
        "account_id": NUMBER,
        "file_type": {"enum": list(FILE_TYPES)},
        "extension": MAYBE_TEXT,
        "content_type": TEXT,
        "data_url": {"type": "string", "description": "The file; good for three months at least"},
        "thumb_url": {"type": "string", "description": "A small picture; empty where it is no picture"},
        "file_size": NUMBER,
        "width": MAYBE_NUMBER,
        "height": MAYBE_NUMBER,
        "transcribed_text": TEXT,
    },
}
MESSAGE: Schema = {
    "title": "Message",
    "type": "object",
    "required": ["id", "content", "message_type", "private", "created_at", "conversation_id"],
    "properties": {
        "id": NUMBER,
        "content": TEXT,
        "inbox_id": NUMBER,
        "conversation_id": NUMBER,
        "message_type": {"enum": [0, 1, 2, 3], "description": "incoming, outgoing, activity, template"},
        "content_type": TEXT,
        "content_attributes": OBJECT,
        "status": {"enum": list(MESSAGE_STATUSES)},
        "private": FLAG,
        "source_id": MAYBE_TEXT,
        "echo_id": TEXT,
        "created_at": NUMBER,
        "sender": OBJECT,
        "attachments": list_of(ATTACHMENT, description="Missing where there are none"),
    },
}
MESSAGES: Schema = envelope(meta=OBJECT, payload=list_of(MESSAGE))
CONVERSATION: Schema = {
    "title": "Conversation",
    "type": "object",
    "required": ["id", "account_id", "inbox_id", "status", "meta", "messages"],
    "properties": {
        "id": {"type": "integer", "description": "The number that people of the account know it by"},
        "uuid": TEXT,
        "account_id": NUMBER,
        "inbox_id": NUMBER,
        "status": {"enum": list(STATUSES)},
        "priority": {"enum": [*PRIORITIES, None]},
        "meta": {
            "type": "object",
            "required": ["sender", "channel"],
            "properties": {
                "sender": OBJECT,
                "channel": TEXT,
                "assignee": {"type": "object", "description": "Missing where nobody is assigned"},
                "assignee_type": TEXT,
                "hmac_verified": FLAG,
            },
        },
        "messages": list_of(OBJECT, maxItems=1),
        "last_non_activity_message": MAYBE_OBJECT,
        "labels": list_of(TEXT),
        "additional_attributes": OBJECT,
        "custom_attributes": OBJECT,
        "can_reply": FLAG,
        "muted": FLAG,
        "unread_count": {"type": "integer", "maximum": 10},
        "snoozed_until": MAYBE_NUMBER,
        "agent_last_seen_at": _TIME,
        "assignee_last_seen_at": _TIME,
        "contact_last_seen_at": _TIME,
        "first_reply_created_at": _TIME,
        "waiting_since": _TIME,
        "last_activity_at": _TIME,
        "timestamp": _TIME,
        "created_at": _TIME,
        "updated_at": {"type": "number"},
        "sla_policy_id": NULL,
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
ATTACHMENTS: Schema = envelope(
    meta={"type": "object", "properties": {"total_count": NUMBER}}, payload=list_of(ATTACHMENT)
)
COUNTS: Schema = envelope(meta=META)
CONVERSATIONS: Schema = envelope(payload=list_of(CONVERSATION))
FILTERED: Schema = envelope(meta=META, payload=list_of(CONVERSATION))
LIST: Schema = envelope(data=FILTERED)
STATUS_CHANGED: Schema = envelope(
    payload=envelope(
        success={**MAYBE_FLAG, "description": "Null where a bot handed over"},
        conversation_id=NUMBER,
        current_status={"enum": list(STATUSES)},
        snoozed_until=MAYBE_NUMBER,
    )
)
LABELLED: Schema = envelope(payload=list_of(TEXT))
_FOUND_CONVERSATION: Schema = {
    "type": "object",
    "required": ["id", "account_id", "created_at", "contact", "inbox"],
    "properties": {
        "id": {"type": "integer", "description": "The number that people of the account know it by"},
        "account_id": NUMBER,
        "created_at": NUMBER,
        "message": {"description": "The first one", **MESSAGE, "type": ["object", "null"]},
        "contact": OBJECT,
        "inbox": OBJECT,
        "agent": MAYBE_OBJECT,
        "additional_attributes": OBJECT,
    },
}
_FOUND: dict[str, Schema] = {
    "conversations": list_of(_FOUND_CONVERSATION),
    "contacts": list_of(OBJECT),
    "messages": list_of(MESSAGE),
    "articles": {"type": "array", "maxItems": 0, "description": "There is no help center"},
}


def found_schema(*kinds: str) -> Schema:
    """What a search for these kinds answers."""
    return envelope(payload=envelope(**{kind: _FOUND[kind] for kind in kinds}))
