"""Contacts in JSON: what may be sent of one, what is answered, and what two of them become."""

from typing import Any

from dashboard.contacts.models import Contact
from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import ID
from dashboard.lib.shapes import MAYBE_ADDRESS
from dashboard.lib.shapes import MAYBE_FLAG
from dashboard.lib.shapes import MAYBE_ID
from dashboard.lib.shapes import MAYBE_LINE
from dashboard.lib.shapes import MAYBE_OBJECT
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of

LONGEST = 255

CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": MAYBE_LINE,
        "identifier": MAYBE_LINE,
        "email": MAYBE_LINE,
        "phone_number": MAYBE_LINE,
        "avatar_url": MAYBE_ADDRESS,
        "blocked": MAYBE_FLAG,
        "additional_attributes": MAYBE_OBJECT,
        "custom_attributes": MAYBE_OBJECT,
    },
}
CREATION: Schema = {
    "type": "object",
    "properties": {
        **CHANGES["properties"],
        "inbox_id": MAYBE_ID,
        "source_id": MAYBE_LINE,
    },
}
ATTRIBUTES_TO_DESTROY: Schema = envelope(custom_attributes=list_of(TEXT, maxItems=1000))
FILTER: Schema = {
    "title": "Filter",
    "type": "object",
    "required": ["payload"],
    "properties": {
        "payload": list_of(
            {
                "type": "object",
                "required": ["attribute_key", "filter_operator"],
                "properties": {
                    "attribute_key": TEXT,
                    "filter_operator": TEXT,
                    "values": list_of({"type": ["string", "integer", "boolean"]}),
                    "query_operator": {"enum": ["AND", "OR", None]},
                },
            }
        )
    },
}

EXPORT: Schema = {
    "type": "object",
    "properties": {
        "column_names": {"type": ["array", "null"], "items": TEXT, "maxItems": 1000},
        "label": MAYBE_LINE,
        "payload": {**FILTER["properties"]["payload"], "type": ["array", "null"]},
    },
}

_ID: Schema = {**ID, "minimum": 0}
MERGE: Schema = envelope(base_contact_id=_ID, mergee_contact_id=_ID)
NOTE_CONTENT: Schema = envelope(content=MAYBE_TEXT)
NOTE: Schema = {
    "title": "Note",
    "type": "object",
    "required": ["id", "content", "contact_id"],
    "properties": {
        "id": NUMBER,
        "content": TEXT,
        "account_id": NUMBER,
        "contact_id": NUMBER,
        "user": {"type": "object", "description": "Missing where they have left"},
        "created_at": NUMBER,
        "updated_at": NUMBER,
    },
}

CONTACT: Schema = {
    "title": "Contact",
    "type": "object",
    "required": ["id", "name", "email", "phone_number", "custom_attributes"],
    "properties": {
        "id": NUMBER,
        "name": TEXT,
        "email": MAYBE_TEXT,
        "phone_number": {"type": ["string", "null"], "description": "E.164: + and up to 15 digits"},
        "identifier": MAYBE_TEXT,
        "thumbnail": {**TEXT, "description": "Where the picture is; empty without one"},
        "blocked": FLAG,
        "availability_status": {"enum": ["online", "offline"]},
        "additional_attributes": OBJECT,
        "custom_attributes": OBJECT,
        "created_at": {"type": "integer", "description": "Seconds since 1970"},
        "last_activity_at": {"type": "integer", "description": "Missing where there was none"},
        "contact_inboxes": list_of(OBJECT),
    },
}
ONE: Schema = envelope(payload=CONTACT)
SEVERAL: Schema = envelope(
    meta={
        "type": "object",
        "required": ["count", "current_page"],
        "properties": {
            "count": {"type": "integer", "description": "At most 10,000"},
            "current_page": NUMBER,
            "has_more": FLAG,
        },
    },
    payload=list_of(CONTACT),
)
CREATED: Schema = envelope(
    payload=envelope(
        contact=CONTACT,
        contact_inbox={
            "type": "object",
            "properties": {
                "inbox": MAYBE_OBJECT,
                "source_id": MAYBE_TEXT,
            },
        },
    ),
    id=NUMBER,
    contact_inboxes=list_of(OBJECT),
)


def merged_values(base: Contact, mergee: Contact) -> dict[str, Any]:
    """What the base says once the other has been merged into it: its own, with its gaps filled."""
    values: dict[str, Any] = {
        name: getattr(base, name) or getattr(mergee, name)
        for name in ("name", "email", "phone_number", "identifier", "avatar_key")
    }
    for name in ("additional_attributes", "custom_attributes"):
        values[name] = _filled(getattr(base, name), getattr(mergee, name))
    values["labels"] = list(dict.fromkeys([*base.labels, *mergee.labels]))
    moments = [moment for moment in (base.last_activity_at, mergee.last_activity_at) if moment]
    values["last_activity_at"] = max(moments, default=None)
    return values


def _filled(own: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    filled = {**others, **{key: value for key, value in own.items() if value not in (None, "")}}
    for key, value in filled.items():
        if isinstance(value, dict) and isinstance(others.get(key), dict):
            filled[key] = _filled(value, others[key])
    return filled
