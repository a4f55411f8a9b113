"""Inboxes in JSON: what may be sent of one, and what is answered. Settings that part of the product does
not act on yet are kept all the same: clients write them and read them back."""

from typing import Any

Schema = dict[str, Any]

_ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
_FLAG: Schema = {"type": ["boolean", "null"]}
_LINE: Schema = {"type": ["string", "null"], "maxLength": 255}
_TEXT: Schema = {"type": ["string", "null"], "maxLength": 20_000}
_OBJECT: Schema = {"type": ["object", "null"]}
_HOUR: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": 23}
_MINUTE: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": 59}

WORKING_DAY: Schema = {
    "type": "object",
    "required": ["day_of_week"],
    "properties": {
        "day_of_week": {"type": "integer", "minimum": 0, "maximum": 6},
        "closed_all_day": {"type": "boolean"},
        "open_hour": _HOUR,
        "open_minutes": _MINUTE,
        "close_hour": _HOUR,
        "close_minutes": _MINUTE,
        "open_all_day": {"type": "boolean"},
    },
}
SETTINGS: dict[str, Schema] = {
    "greeting_enabled": _FLAG,
    "greeting_message": _TEXT,
    "working_hours_enabled": _FLAG,
    "enable_email_collect": _FLAG,
    "csat_survey_enabled": _FLAG,
    "csat_config": _OBJECT,
    "enable_auto_assignment": _FLAG,
    "auto_assignment_config": _OBJECT,
    "out_of_office_message": _TEXT,
    "working_hours": {"type": ["array", "null"], "items": WORKING_DAY, "maxItems": 7},
    "timezone": _LINE,
    "allow_messages_after_resolved": _FLAG,
    "sender_name_type": {"enum": ["friendly", "professional", None]},
    "business_name": _LINE,
}
DEFAULTS: dict[str, Any] = {
    "greeting_enabled": False,
    "greeting_message": None,
    "working_hours_enabled": False,
    "enable_email_collect": True,
    "csat_survey_enabled": False,
    "csat_config": {},
    "enable_auto_assignment": True,
    "auto_assignment_config": {},
    "out_of_office_message": None,
    "working_hours": [
        {
            "day_of_week": day,
            "closed_all_day": day in {0, 6},
            "open_hour": None if day in {0, 6} else 9,
            "open_minutes": None if day in {0, 6} else 0,
            "close_hour": None if day in {0, 6} else 17,
            "close_minutes": None if day in {0, 6} else 0,
            "open_all_day": False,
        }
        for day in range(7)
    ],
    "timezone": "UTC",
    "allow_messages_after_resolved": True,
    "sender_name_type": "friendly",
    "business_name": None,
    "additional_attributes": {},  # the channel's own
}

CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": _LINE,
        "lock_to_single_conversation": _FLAG,
        **SETTINGS,
        "channel": {
            "type": ["object", "null"],
            "properties": {
                "type": {"type": ["string", "null"]},
                "webhook_url": {"type": ["string", "null"], "maxLength": 2048},
                "hmac_mandatory": _FLAG,
                "additional_attributes": _OBJECT,
            },
        },
    },
}
CREATION: Schema = {**CHANGES, "required": ["name"]}
MEMBERS: Schema = {
    "type": "object",
    "required": ["inbox_id", "user_ids"],
    "properties": {"inbox_id": _ID, "user_ids": {"type": "array", "items": _ID, "maxItems": 1000}},
}
CONTACT_SESSION: Schema = {
    "type": "object",
    "required": ["inbox_id"],
    "properties": {
        "inbox_id": _ID,
        "source_id": {"type": ["string", "null"], "maxLength": 255},
        "hmac_verified": _FLAG,
    },
}

SESSION_NAME: Schema = {
    "type": "object",
    "required": ["inbox_id", "source_id"],
    "properties": {"inbox_id": _ID, "source_id": {"type": "string", "minLength": 1, "maxLength": 255}},
}

_SLIM: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "channel_id": {"type": "integer"},
        "channel_type": {"type": "string"},
    },
}
SESSION: Schema = {
    "title": "ContactInbox",
    "type": "object",
    "required": ["source_id", "inbox"],
    "properties": {"source_id": {"type": "string"}, "inbox": _SLIM},
}
CONTACTABLE: Schema = {
    "type": "object",
    "required": ["payload"],
    "properties": {"payload": {"type": "array", "items": SESSION}},
}
INBOX: Schema = {
    "title": "Inbox",
    "type": "object",
    "required": ["id", "name", "channel_type"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "channel_id": {"type": "integer"},
        "channel_type": {"type": "string"},
        "avatar_url": {"type": "string"},
        "webhook_url": {"type": ["string", "null"]},
        "inbox_identifier": {"type": "string"},
        "hmac_mandatory": {"type": "boolean"},
        "hmac_token": {"type": "string", "description": "For administrators"},
        "secret": {"type": "string", "description": "For administrators"},
        "lock_to_single_conversation": {"type": "boolean"},
        "additional_attributes": {"type": "object"},
        **SETTINGS,
    },
}
LIST: Schema = {
    "type": "object",
    "required": ["payload"],
    "properties": {"payload": {"type": "array", "items": INBOX}},
}
