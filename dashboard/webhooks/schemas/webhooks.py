"""Webhooks in JSON: what may be sent of one, and what is answered."""

from dashboard.lib.shapes import MAYBE_ID
from dashboard.lib.shapes import MAYBE_LINE
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS
from dashboard.webhooks.schemas.names import TYPING

MOST_WEBHOOKS = 50
LONGEST_NAME = 255
USUAL = [name for name in SUBSCRIPTIONS if name not in TYPING and not name.startswith("inbox_")]

_EVENTS = list_of({"type": "string", "enum": list(SUBSCRIPTIONS)})
_NAME_AND_INBOX: dict[str, Schema] = {
    "name": MAYBE_LINE,
    "inbox_id": {**MAYBE_ID, "description": "Shown beside it; it is told of every inbox all the same"},
}

# What is taken: addresses and events are looked at by the verb, which says what is wrong as upstream does.
SENT: Schema = {"type": "object", "properties": {"url": {}, "subscriptions": {}, **_NAME_AND_INBOX}}
CHANGES: Schema = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "minLength": 1, "maxLength": 2048},
        "subscriptions": {**_EVENTS, "minItems": 1},
        **_NAME_AND_INBOX,
    },
}
CREATION: Schema = {**CHANGES, "required": ["url"]}
WEBHOOK: Schema = {
    "title": "Webhook",
    "type": "object",
    "required": ["id", "name", "url", "account_id", "subscriptions", "secret"],
    "properties": {
        "id": NUMBER,
        "name": TEXT,
        "url": TEXT,
        "account_id": NUMBER,
        "subscriptions": _EVENTS,
        "secret": {**TEXT, "description": "Signs what is sent there"},
        "inbox": envelope(id=NUMBER, name=TEXT),
    },
}
ONE: Schema = envelope(payload=envelope(webhook=WEBHOOK))
SEVERAL: Schema = envelope(payload=envelope(webhooks=list_of(WEBHOOK)))
