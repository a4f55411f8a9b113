"""People and accounts in JSON: what may be sent of them, and what is answered."""

from typing import Any

from dashboard.accounts.models import AVAILABILITIES
from dashboard.accounts.models import ROLES

Schema = dict[str, Any]

_LINE: Schema = {"type": ["string", "null"], "maxLength": 255}
_FLAG: Schema = {"type": ["boolean", "null"]}
_ROLE: Schema = {"enum": [*ROLES, None]}
_AVAILABILITY: Schema = {"enum": [*AVAILABILITIES, None]}
_ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}

AGENT_CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": _LINE,
        "role": _ROLE,
        "availability": _AVAILABILITY,
        "auto_offline": _FLAG,
    },
}
AGENT_CREATION: Schema = {
    "type": "object",
    "required": ["email"],
    "properties": {"email": {"type": "string", "maxLength": 255}, **AGENT_CHANGES["properties"]},
}
AGENTS_CREATION: Schema = {
    "type": "object",
    "required": ["emails"],
    "properties": {
        "emails": {"type": "array", "items": {"type": "string", "maxLength": 255}, "maxItems": 100}
    },
}
PROFILE_CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": _LINE,
        "email": _LINE,
        "current_password": {"type": ["string", "null"]},
        "password": {"type": ["string", "null"]},
        "password_confirmation": {"type": ["string", "null"]},
    },
}
AVAILABILITY: Schema = {
    "type": "object",
    "required": ["account_id", "availability"],
    "properties": {"account_id": _ID, "availability": {"enum": list(AVAILABILITIES)}},
}
AUTO_OFFLINE: Schema = {
    "type": "object",
    "required": ["account_id", "auto_offline"],
    "properties": {"account_id": _ID, "auto_offline": {"type": "boolean"}},
}

AGENT: Schema = {
    "title": "Agent",
    "type": "object",
    "required": ["id", "account_id", "email", "name", "role"],
    "properties": {
        "id": {"type": "integer"},
        "account_id": {"type": "integer"},
        "name": {"type": "string"},
        "available_name": {"type": "string"},
        "email": {"type": "string"},
        "role": {"enum": list(ROLES)},
        "availability_status": {"enum": list(AVAILABILITIES)},
        "auto_offline": {"type": "boolean"},
        "confirmed": {"type": "boolean", "description": "Whether the person has set a password"},
        "thumbnail": {"type": "string"},
        "provider": {"type": "string"},
        "custom_role_id": {"type": "null"},
    },
}
AGENTS: Schema = {"type": "array", "items": AGENT}
AGENTS_PAYLOAD: Schema = {"type": "object", "required": ["payload"], "properties": {"payload": AGENTS}}
PROFILE: Schema = {
    "title": "Profile",
    "type": "object",
    "required": ["id", "name", "email", "access_token", "accounts"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": "string"},
        "access_token": {"type": "string"},
        "pubsub_token": {"type": "string"},
        "accounts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"},
                    "name": {"type": "string"},
                    "role": {"enum": list(ROLES)},
                    "availability": {"enum": list(AVAILABILITIES)},
                    "auto_offline": {"type": "boolean"},
                },
            },
        },
    },
}
SIGN_IN: Schema = {
    "type": "object",
    "properties": {
        "email": {"type": ["string", "null"]},
        "password": {"type": ["string", "null"]},
    },
}
SIGNED_IN: Schema = {"type": "object", "required": ["data"], "properties": {"data": PROFILE}}
VALIDATED: Schema = {
    "type": "object",
    "required": ["payload"],
    "properties": {
        "payload": {
            "type": "object",
            "required": ["success", "data"],
            "properties": {"success": {"type": "boolean"}, "data": PROFILE},
        }
    },
}
SIGNED_OUT: Schema = {
    "type": "object",
    "required": ["success"],
    "properties": {"success": {"type": "boolean"}},
}
ACCOUNT: Schema = {
    "title": "Account",
    "type": "object",
    "required": ["id", "name", "locale"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "locale": {"type": "string"},
        "status": {"enum": ["active"]},
        "created_at": {"type": "string"},
    },
}
