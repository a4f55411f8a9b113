"""What the bodies of events are made of, as JSON Schema: who, where, and what was said."""

from typing import Any

from dashboard.conversations.models import CONTENT_TYPES
from dashboard.conversations.models import FILE_TYPES
from dashboard.conversations.models import MESSAGE_STATUSES
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import STATUSES
from dashboard.inboxes.models import CHANNEL_TYPES
from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import MAYBE_NUMBER
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of

TIME: Schema = {"type": "string", "format": "date-time"}
MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}


def told(kind: Schema, about: str) -> Schema:
    """A field, and what it says."""
    return {**kind, "description": about}


def part(*optional: str, **fields: Schema) -> Schema:
    """An object that has all of these but, sometimes, the optional ones."""
    return {
        "type": "object",
        "required": [name for name in fields if name not in optional],
        "properties": fields,
    }


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def maybe(*kinds: Schema) -> Schema:
    return {"anyOf": [*kinds, {"type": "null"}]}


def either(words: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(words)}


ACCOUNT = part(id=NUMBER, name=TEXT)
INBOX = part(id=NUMBER, name=TEXT)
NAMED = part(id=NUMBER, name=TEXT)
CONTACT = part(
    id=NUMBER,
    name=TEXT,
    email=MAYBE_TEXT,
    phone_number=told(MAYBE_TEXT, "In E.164, such as `+351210000000`"),
    identifier=told(MAYBE_TEXT, "What your own system calls the customer"),
    blocked=FLAG,
    thumbnail=told(TEXT, "The address of the picture; empty without one"),
    avatar=told(TEXT, "The same"),
    additional_attributes=OBJECT,
    custom_attributes=OBJECT,
    account=ref("account"),
    type={"const": "contact"},
)
USER = part(id=NUMBER, name=TEXT, email=TEXT, type={"const": "user"})
BOT = part(id=NUMBER, name=TEXT, type={"const": "agent_bot"})
ATTACHMENT = part(
    "transcribed_text",
    id=NUMBER,
    message_id=NUMBER,
    account_id=NUMBER,
    file_type=either(FILE_TYPES),
    extension=MAYBE_TEXT,
    content_type=TEXT,
    data_url=told(TEXT, "Where the file is; the address needs no session"),
    thumb_url=told(TEXT, "A smaller picture; empty where there is none"),
    file_size=told(NUMBER, "In bytes"),
    width=MAYBE_NUMBER,
    height=MAYBE_NUMBER,
    transcribed_text=TEXT,
)
CONTACT_SENDER = part(
    id=NUMBER,
    name=TEXT,
    email=MAYBE_TEXT,
    phone_number=MAYBE_TEXT,
    identifier=MAYBE_TEXT,
    blocked=FLAG,
    thumbnail=TEXT,
    additional_attributes=OBJECT,
    custom_attributes=OBJECT,
    type={"const": "contact"},
)
USER_SENDER = part(
    id=NUMBER,
    name=TEXT,
    available_name=TEXT,
    avatar_url=TEXT,
    thumbnail=TEXT,
    availability_status=either(("online", "busy", "offline")),
    type={"const": "user"},
)
BOT_SENDER = part(id=NUMBER, name=TEXT, avatar_url=TEXT, type={"const": "agent_bot"})
SESSION = part(
    id=NUMBER,
    contact_id=NUMBER,
    inbox_id=NUMBER,
    source_id=told(TEXT, "What the channel calls the customer"),
    hmac_verified=told(FLAG, "Whether it was proved who that is"),
    created_at=TIME,
    updated_at=TIME,
)
LAST_MESSAGE = part(
    "sender",
    "attachments",
    "echo_id",
    id=NUMBER,
    echo_id=told(TEXT, "What the program that just wrote it calls it"),
    content=TEXT,
    processed_message_content=told(TEXT, "The same"),
    content_type=either(CONTENT_TYPES),
    content_attributes=OBJECT,
    message_type=told(NUMBER, "0 incoming, 1 outgoing, 3 template"),
    private=FLAG,
    status=either(MESSAGE_STATUSES),
    source_id=MAYBE_TEXT,
    sender={"anyOf": [ref("contact_sender"), ref("user_sender"), ref("bot_sender")]},
    sender_type={"enum": ["Contact", "User", "AgentBot", None]},
    sender_id=MAYBE_NUMBER,
    attachments=list_of(ref("attachment")),
    account_id=NUMBER,
    inbox_id=NUMBER,
    conversation_id=told(NUMBER, "The number that people see"),
    conversation=told(OBJECT, "`assignee_id`, `unread_count`, `last_activity_at`, `contact_inbox.source_id`"),
    additional_attributes=OBJECT,
    external_source_ids=OBJECT,
    sentiment=OBJECT,
    created_at=told(NUMBER, "In seconds"),
    updated_at=TIME,
)
META = part(
    sender=ref("contact_sender"),
    assignee=maybe(ref("user_sender"), ref("bot_sender")),
    assignee_type={"enum": ["User", "AgentBot", None]},
    team={"type": "null"},
    hmac_verified=FLAG,
)
CONVERSATION = part(
    id=told(NUMBER, "The number that people see"),
    display_id=told(NUMBER, "The same"),
    account=ref("account"),
    account_id=NUMBER,
    inbox_id=NUMBER,
    channel=either(tuple(CHANNEL_TYPES.values())),
    status=either(STATUSES),
    priority={"enum": [*PRIORITIES, None]},
    labels=list_of(TEXT),
    meta=ref("meta"),
    contact_inbox=ref("session"),
    messages=told(list_of(ref("last_message"), maxItems=1), "The last that was said in public"),
    unread_count=told(NUMBER, "Of messages of the customer, up to 10"),
    can_reply=FLAG,
    additional_attributes=OBJECT,
    custom_attributes=OBJECT,
    snoozed_until=told(MAYBE_NUMBER, "In seconds"),
    waiting_since=told(NUMBER, "In seconds; 0 when nobody waits"),
    first_reply_created_at=MAYBE_TIME,
    agent_last_seen_at=told(NUMBER, "In seconds; 0 when nobody has looked"),
    contact_last_seen_at=told(NUMBER, "In seconds; 0 when the customer has not looked"),
    last_activity_at=told(NUMBER, "In seconds"),
    timestamp=told(NUMBER, "The same"),
    created_at=told(NUMBER, "In seconds"),
    updated_at=told({"type": "number"}, "In seconds, with fractions"),
)
CHANNEL = part(
    id=NUMBER,
    account_id=NUMBER,
    webhook_url=told(TEXT, "The callback; empty without one"),
    identifier=told(TEXT, "The name of the inbox in the client API"),
    hmac_mandatory=FLAG,
    additional_attributes=OBJECT,
    created_at=TIME,
    updated_at=TIME,
)

PARTS: dict[str, Schema] = {
    "account": ACCOUNT,
    "inbox": INBOX,
    "named": NAMED,
    "contact": CONTACT,
    "user": USER,
    "bot": BOT,
    "attachment": ATTACHMENT,
    "conversation": CONVERSATION,
    "meta": META,
    "session": SESSION,
    "last_message": LAST_MESSAGE,
    "contact_sender": CONTACT_SENDER,
    "user_sender": USER_SENDER,
    "bot_sender": BOT_SENDER,
    "channel": CHANNEL,
}


def parts_of(schema: Any) -> set[str]:
    """The parts that a schema speaks of, and those that these speak of."""
    if isinstance(schema, list):
        return {name for each in schema for name in parts_of(each)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
    inner = parts_of(list(schema.values())) | {deep for name in own for deep in parts_of(PARTS[name])}
    return own | inner
