"""Inboxes in JSON: what may be sent of one, and what is answered. Settings that the desk does not act on are
kept all the same: clients write them and read them back."""

from typing import Any

from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import ID
from dashboard.lib.shapes import MAYBE_FLAG
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

_HOUR: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": 23}
_MINUTE: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": 59}

WORKING_DAY: Schema = {
    "type": "object",
    "required": ["day_of_week"],
    "properties": {
        "day_of_week": {"type": "integer", "minimum": 0, "maximum": 6},
        "closed_all_day": FLAG,
        "open_hour": _HOUR,
        "open_minutes": _MINUTE,
        "close_hour": _HOUR,
        "close_minutes": _MINUTE,
        "open_all_day": FLAG,
    },
}
SETTINGS: dict[str, Schema] = {
    "greeting_enabled": MAYBE_FLAG,
    "greeting_message": MAYBE_LONG_TEXT,
    "working_hours_enabled": MAYBE_FLAG,
    "enable_email_collect": MAYBE_FLAG,
    "csat_survey_enabled": MAYBE_FLAG,
    "csat_config": MAYBE_OBJECT,
    "enable_auto_assignment": MAYBE_FLAG,
    "auto_assignment_config": MAYBE_OBJECT,
    "out_of_office_message": MAYBE_LONG_TEXT,
    "working_hours": {"type": ["array", "null"], "items": WORKING_DAY, "maxItems": 7},
    "timezone": MAYBE_LINE,
    "allow_messages_after_resolved": MAYBE_FLAG,
    "sender_name_type": {"enum": ["friendly", "professional", None]},
    "business_name": MAYBE_LINE,
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
        "name": MAYBE_LINE,
        "lock_to_single_conversation": MAYBE_FLAG,
        **SETTINGS,
        "channel": {
            "type": ["object", "null"],
            "properties": {
                "type": MAYBE_TEXT,
                "webhook_url": {"type": ["string", "null"], "maxLength": 2048},
                "hmac_mandatory": MAYBE_FLAG,
                "additional_attributes": MAYBE_OBJECT,
            },
        },
    },
}
CREATION: Schema = {**CHANGES, "required": ["name"]}
MEMBERS: Schema = envelope(inbox_id=ID, user_ids=list_of(ID, maxItems=1000))
CONTACT_SESSION: Schema = {
    "type": "object",
    "required": ["inbox_id"],
    "properties": {
        "inbox_id": ID,
        "source_id": MAYBE_LINE,
        "hmac_verified": MAYBE_FLAG,
    },
}

SESSION_NAME: Schema = envelope(inbox_id=ID, source_id={"type": "string", "minLength": 1, "maxLength": 255})

_SLIM: Schema = {
    "type": "object",
    "properties": {
        "id": NUMBER,
        "name": TEXT,
        "channel_id": NUMBER,
        "channel_type": TEXT,
    },
}
SESSION: Schema = {
    "title": "ContactInbox",
    "type": "object",
    "required": ["source_id", "inbox"],
    "properties": {"source_id": TEXT, "inbox": _SLIM},
}
CONTACTABLE: Schema = envelope(payload=list_of(SESSION))
INBOX: Schema = {
    "title": "Inbox",
    "type": "object",
    "required": ["id", "name", "channel_type"],
    "properties": {
        "id": NUMBER,
        "name": TEXT,
        "channel_id": NUMBER,
        "channel_type": TEXT,
        "avatar_url": TEXT,
        "webhook_url": MAYBE_TEXT,
        "inbox_identifier": TEXT,
        "hmac_mandatory": FLAG,
        "hmac_token": {"type": "string", "description": "For administrators"},
        "secret": {"type": "string", "description": "For administrators"},
        "lock_to_single_conversation": FLAG,
        "additional_attributes": OBJECT,
        **SETTINGS,
    },
}
LIST: Schema = envelope(payload=list_of(INBOX))
