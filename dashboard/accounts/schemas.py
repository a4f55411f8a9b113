"""People and accounts in JSON: what may be sent of them, and what is answered."""

from dashboard.accounts.models import AVAILABILITIES
from dashboard.accounts.models import ROLES
from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import ID
from dashboard.lib.shapes import MAYBE_FLAG
from dashboard.lib.shapes import MAYBE_LINE
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NULL
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of

_ROLE: Schema = {"enum": [*ROLES, None]}
_AVAILABILITY: Schema = {"enum": [*AVAILABILITIES, None]}

AGENT_CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": MAYBE_LINE,
        "role": _ROLE,
        "availability": _AVAILABILITY,
        "auto_offline": MAYBE_FLAG,
    },
}
AGENT_CREATION: Schema = {
    "type": "object",
    "required": ["email"],
    "properties": {"email": {"type": "string", "maxLength": 255}, **AGENT_CHANGES["properties"]},
}
AGENTS_CREATION: Schema = envelope(emails=list_of({"type": "string", "maxLength": 255}, maxItems=100))
PROFILE_CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": MAYBE_LINE,
        "email": MAYBE_LINE,
        "current_password": MAYBE_TEXT,
        "password": MAYBE_TEXT,
        "password_confirmation": MAYBE_TEXT,
    },
}
AVAILABILITY: Schema = envelope(account_id=ID, availability={"enum": list(AVAILABILITIES)})
AUTO_OFFLINE: Schema = envelope(account_id=ID, auto_offline=FLAG)

AGENT: Schema = {
    "title": "Agent",
    "type": "object",
    "required": ["id", "account_id", "email", "name", "role"],
    "properties": {
        "id": NUMBER,
        "account_id": NUMBER,
        "name": TEXT,
        "available_name": TEXT,
        "email": TEXT,
        "role": {"enum": list(ROLES)},
        "availability_status": {"enum": list(AVAILABILITIES)},
        "auto_offline": FLAG,
        "confirmed": {"type": "boolean", "description": "Whether the person has set a password"},
        "thumbnail": TEXT,
        "provider": TEXT,
        "custom_role_id": NULL,
    },
}
AGENTS: Schema = list_of(AGENT)
AGENTS_PAYLOAD: Schema = envelope(payload=AGENTS)
PROFILE: Schema = {
    "title": "Profile",
    "type": "object",
    "required": ["id", "name", "email", "access_token", "accounts"],
    "properties": {
        "id": NUMBER,
        "name": TEXT,
        "email": TEXT,
        "access_token": TEXT,
        "pubsub_token": TEXT,
        "accounts": list_of(
            {
                "type": "object",
                "properties": {
                    "id": NUMBER,
                    "name": TEXT,
                    "role": {"enum": list(ROLES)},
                    "availability": {"enum": list(AVAILABILITIES)},
                    "auto_offline": FLAG,
                },
            }
        ),
    },
}
SIGN_IN: Schema = {
    "type": "object",
    "properties": {
        "email": MAYBE_TEXT,
        "password": MAYBE_TEXT,
    },
}
SIGNED_IN: Schema = envelope(data=PROFILE)
VALIDATED: Schema = envelope(payload=envelope(success=FLAG, data=PROFILE))
SIGNED_OUT: Schema = envelope(success=FLAG)
ACCOUNT: Schema = {
    "title": "Account",
    "type": "object",
    "required": ["id", "name", "locale"],
    "properties": {
        "id": NUMBER,
        "name": TEXT,
        "locale": TEXT,
        "status": {"enum": ["active"]},
        "created_at": TEXT,
    },
}
