"""The body of each event as JSON Schema: published in the docs, and what tests hold every delivery to."""

from dataclasses import dataclass
from dataclasses import field

from dashboard.conversations.models import CONTENT_TYPES
from dashboard.conversations.models import MESSAGE_TYPES
from dashboard.inboxes.schemas import WORKING_DAY
from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NULL
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of
from dashboard.webhooks.schemas.names import EVENTS
from dashboard.webhooks.schemas.parts import PARTS
from dashboard.webhooks.schemas.parts import TIME
from dashboard.webhooks.schemas.parts import either
from dashboard.webhooks.schemas.parts import maybe
from dashboard.webhooks.schemas.parts import parts_of
from dashboard.webhooks.schemas.parts import ref
from dashboard.webhooks.schemas.parts import told

_CHANGE: Schema = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": {
        "type": "object",
        "required": ["previous_value", "current_value"],
        "properties": {"previous_value": {}, "current_value": {}},
    },
}
_CHANGES = told(
    list_of(_CHANGE, minItems=1), '`[{"status": {"previous_value": "open", "current_value": "resolved"}}]`'
)


@dataclass(frozen=True)
class Told:
    """When an event is told, and what beside everything of the part it is about."""

    when: str
    about: str = ""
    fields: dict[str, Schema] = field(default_factory=dict)


_MESSAGE: dict[str, Schema] = {
    "id": NUMBER,
    "content": told(TEXT, "Markdown, without backslashes at the end of lines"),
    "content_type": either(CONTENT_TYPES),
    "content_attributes": told(OBJECT, "`items`, `submitted_values`, `in_reply_to`, `external_error`, …"),
    "message_type": either(tuple(word for word in MESSAGE_TYPES if word != "activity")),
    "private": told(FLAG, "A note, which only the desk may read"),
    "sender": told(
        maybe(ref("contact"), ref("user"), ref("bot")), "Nobody, where the inbox answers by itself"
    ),
    "attachments": told(list_of(ref("attachment")), "Only where files were sent with it"),
    "source_id": told(MAYBE_TEXT, "What the channel calls the message"),
    "contact": told(ref("named"), "Whose conversation it is"),
    "inbox": ref("inbox"),
    "account": ref("account"),
    "conversation": ref("conversation"),
    "additional_attributes": OBJECT,
    "created_at": TIME,
}
_TYPING: dict[str, Schema] = {
    "user": {"anyOf": [ref("contact"), ref("user"), ref("bot")]},
    "conversation": ref("conversation"),
    "is_private": told(FLAG, "What is typed will be a note, which only the desk may read"),
}
_INBOX: dict[str, Schema] = {
    "id": NUMBER,
    "name": TEXT,
    "account": ref("account"),
    "channel": told(ref("channel"), "Without its secrets"),
    "lock_to_single_conversation": FLAG,
    "allow_messages_after_resolved": FLAG,
    "enable_auto_assignment": FLAG,
    "auto_assignment_config": OBJECT,
    "enable_email_collect": FLAG,
    "greeting_enabled": FLAG,
    "greeting_message": MAYBE_TEXT,
    "csat_survey_enabled": FLAG,
    "business_name": MAYBE_TEXT,
    "sender_name_type": either(("friendly", "professional")),
    "timezone": TEXT,
    "out_of_office_message": MAYBE_TEXT,
    "working_hours_enabled": FLAG,
    "working_hours": list_of(WORKING_DAY),
    "created_at": TIME,
    "updated_at": TIME,
}

TOLD: dict[str, Told] = {
    "conversation_created": Told("A conversation has been opened.", "conversation"),
    "conversation_status_changed": Told(
        "It was resolved, opened again, set to pending, or snoozed. A `conversation_updated` says from what.",
        "conversation",
        {"changed_attributes": NULL},
    ),
    "conversation_updated": Told(
        "Status, assignee, priority, labels, custom attributes, the end of a snooze, since when somebody "
        "waits, or when it was answered first, have changed.",
        "conversation",
        {"changed_attributes": _CHANGES},
    ),
    "message_created": Told(
        "The customer, somebody of the desk, a bot or the inbox itself has written. Notes are told as well; "
        "lines that say what happened are not.",
        fields=_MESSAGE,
    ),
    "message_updated": Told(
        "A message was delivered, read, not delivered, answered by filling it in, or deleted.",
        fields=_MESSAGE,
    ),
    "webwidget_triggered": Told(
        "The customer's own program says that something has happened there: that its chat was opened, say.",
        fields={
            "id": told(NUMBER, "Of the session"),
            "contact": ref("contact"),
            "inbox": ref("inbox"),
            "account": ref("account"),
            "current_conversation": maybe(ref("conversation")),
            "source_id": told(TEXT, "What the channel calls the customer"),
            "event_info": told(OBJECT, "What the program told, with its `name`"),
        },
    ),
    "contact_created": Told("A contact is new.", "contact"),
    "contact_updated": Told(
        "Something about a contact has changed.", "contact", {"changed_attributes": _CHANGES}
    ),
    "conversation_typing_on": Told("Somebody types: the customer, or somebody of the desk.", fields=_TYPING),
    "conversation_typing_off": Told("Whoever typed has stopped.", fields=_TYPING),
    "inbox_created": Told("An inbox is new.", fields=_INBOX),
    "inbox_updated": Told(
        "Something about an inbox has changed, but not who works in it, nor a secret.",
        fields={**_INBOX, "changed_attributes": _CHANGES},
    ),
    "conversation_opened": Told("Its status is open again, or for the first time.", "conversation"),
    "conversation_resolved": Told("Its status is resolved.", "conversation"),
}
_OPTIONAL = {"attachments"}


def schema_of(event: str) -> Schema:
    """The JSON Schema of an event's body, with all that it speaks of."""
    fact = TOLD[event]
    base = PARTS[fact.about]["properties"] if fact.about else {}
    fields = {"event": {"const": event}, **base, **fact.fields}
    parts = sorted(parts_of(fields))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": event,
        "description": fact.when,
        "type": "object",
        "required": [name for name in fields if name not in _OPTIONAL],
        "properties": fields,
        "$defs": {name: PARTS[name] for name in parts},
    }


SCHEMAS: dict[str, Schema] = {event: schema_of(event) for event in EVENTS}
