"""Contacts in JSON: what may be sent of one, what is answered, and what two of them become."""

from typing import Any

from dashboard.contacts.models import Contact

Schema = dict[str, Any]

LONGEST = 255
_TEXT: Schema = {"type": ["string", "null"], "maxLength": LONGEST}
_OBJECT: Schema = {"type": ["object", "null"]}

CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "identifier": _TEXT,
        "email": _TEXT,
        "phone_number": _TEXT,
        "blocked": {"type": ["boolean", "null"]},
        "additional_attributes": _OBJECT,
        "custom_attributes": _OBJECT,
    },
}
CREATION: Schema = {
    "type": "object",
    "properties": {
        **CHANGES["properties"],
        "inbox_id": {"type": ["integer", "null"], "minimum": 0, "maximum": 2**63 - 1},
        "source_id": _TEXT,
    },
}
ATTRIBUTES_TO_DESTROY: Schema = {
    "type": "object",
    "required": ["custom_attributes"],
    "properties": {"custom_attributes": {"type": "array", "items": {"type": "string"}, "maxItems": 1000}},
}
FILTER: Schema = {
    "title": "Filter",
    "type": "object",
    "required": ["payload"],
    "properties": {
        "payload": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["attribute_key", "filter_operator"],
                "properties": {
                    "attribute_key": {"type": "string"},
                    "filter_operator": {"type": "string"},
                    "values": {"type": "array", "items": {"type": ["string", "integer", "boolean"]}},
                    "query_operator": {"enum": ["AND", "OR", None]},
                },
            },
        }
    },
}

_ID: Schema = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
MERGE: Schema = {
    "type": "object",
    "required": ["base_contact_id", "mergee_contact_id"],
    "properties": {"base_contact_id": _ID, "mergee_contact_id": _ID},
}
NOTE_CONTENT: Schema = {
    "type": "object",
    "required": ["content"],
    "properties": {"content": {"type": ["string", "null"]}},
}
NOTE: Schema = {
    "title": "Note",
    "type": "object",
    "required": ["id", "content", "contact_id"],
    "properties": {
        "id": {"type": "integer"},
        "content": {"type": "string"},
        "account_id": {"type": "integer"},
        "contact_id": {"type": "integer"},
        "user": {"type": "object", "description": "Missing where they have left"},
        "created_at": {"type": "integer"},
        "updated_at": {"type": "integer"},
    },
}

CONTACT: Schema = {
    "title": "Contact",
    "type": "object",
    "required": ["id", "name", "email", "phone_number", "custom_attributes"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": ["string", "null"]},
        "phone_number": {"type": ["string", "null"], "description": "E.164: + and up to 15 digits"},
        "identifier": {"type": ["string", "null"]},
        "thumbnail": {"type": "string"},
        "blocked": {"type": "boolean"},
        "availability_status": {"enum": ["online", "offline"]},
        "additional_attributes": {"type": "object"},
        "custom_attributes": {"type": "object"},
        "created_at": {"type": "integer", "description": "Seconds since 1970"},
        "last_activity_at": {"type": "integer", "description": "Missing where there was none"},
        "contact_inboxes": {"type": "array", "items": {"type": "object"}},
    },
}
ONE: Schema = {"type": "object", "required": ["payload"], "properties": {"payload": CONTACT}}
SEVERAL: Schema = {
    "type": "object",
    "required": ["meta", "payload"],
    "properties": {
        "meta": {
            "type": "object",
            "required": ["count", "current_page"],
            "properties": {
                "count": {"type": "integer", "description": "At most 10,000"},
                "current_page": {"type": "integer"},
                "has_more": {"type": "boolean"},
            },
        },
        "payload": {"type": "array", "items": CONTACT},
    },
}
CREATED: Schema = {
    "type": "object",
    "required": ["payload", "id", "contact_inboxes"],
    "properties": {
        "payload": {
            "type": "object",
            "required": ["contact", "contact_inbox"],
            "properties": {
                "contact": CONTACT,
                "contact_inbox": {
                    "type": "object",
                    "properties": {
                        "inbox": {"type": ["object", "null"]},
                        "source_id": {"type": ["string", "null"]},
                    },
                },
            },
        },
        "id": {"type": "integer"},
        "contact_inboxes": {"type": "array", "items": {"type": "object"}},
    },
}


def merged_values(base: Contact, mergee: Contact) -> dict[str, Any]:
    """What the base says once the other has been merged into it: its own, with its gaps filled."""
    values: dict[str, Any] = {
        name: getattr(base, name) or getattr(mergee, name)
        for name in ("name", "email", "phone_number", "identifier", "thumbnail")
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
