"""Bots in JSON: what may be sent of one, and what is answered."""

from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import MAYBE_ADDRESS
from dashboard.lib.shapes import MAYBE_ID
from dashboard.lib.shapes import MAYBE_LINE
from dashboard.lib.shapes import MAYBE_LONG_TEXT
from dashboard.lib.shapes import MAYBE_OBJECT
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of

BOT_TYPE = "webhook"  # the only kind

CHANGES: Schema = {
    "type": "object",
    "properties": {
        "name": MAYBE_LINE,
        "description": MAYBE_LONG_TEXT,
        "outgoing_url": MAYBE_ADDRESS,
        "avatar_url": MAYBE_ADDRESS,
        "bot_type": {"enum": [BOT_TYPE, None]},
        "bot_config": MAYBE_OBJECT,
    },
}
CONNECTION: Schema = {
    "type": "object",
    "properties": {"agent_bot": {**MAYBE_ID, "description": "The bot's number; null for none"}},
}
_FACE: dict[str, Schema] = {
    "id": NUMBER,
    "name": TEXT,
    "description": TEXT,
    "thumbnail": {**TEXT, "description": "Where the picture is; empty without one"},
    "bot_type": {"enum": [BOT_TYPE]},
}
SLIM_BOT: Schema = {
    "title": "AssignedBot",
    "type": "object",
    "required": ["id", "name", "bot_type"],
    "properties": _FACE,
}
BOT: Schema = {
    "title": "AgentBot",
    "type": "object",
    "required": [*_FACE, "outgoing_url", "bot_config", "account_id", "system_bot"],
    "properties": {
        **_FACE,
        "outgoing_url": {**TEXT, "description": "Where its events are sent"},
        "bot_config": OBJECT,
        "account_id": NUMBER,
        "access_token": {**TEXT, "description": "With which it answers; for administrators"},
        "secret": {**TEXT, "description": "With which its events are signed; for administrators"},
        "system_bot": {**FLAG, "description": "Always false: every bot is an account's own"},
    },
}
SEVERAL: Schema = list_of(BOT)
OF_INBOX: Schema = {"type": "object", "properties": {"agent_bot": BOT}}
