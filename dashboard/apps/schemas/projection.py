"""Which scope lets which part of a context through. What no line names reaches nobody."""

from collections.abc import Collection
from typing import Any

from dashboard.apps.models.apps import USUAL_SCOPES

_ALWAYS = ""  # needs no scope

CONTACT = {
    "contact.basic": (
        "id", "name", "type", "thumbnail", "blocked", "availability_status", "created_at", "last_activity_at",
    ),
    "contact.private": ("email", "phone_number", "identifier", "additional_attributes"),
    "contact.attributes": ("custom_attributes",),
}  # fmt: skip
CONVERSATION = {
    _ALWAYS: ("contact", "meta", "dataFetched"),
    "conversation.basic": (
        "id", "uuid", "account_id", "inbox_id", "status", "priority", "labels", "muted", "can_reply",
        "unread_count", "snoozed_until", "created_at", "updated_at", "timestamp", "last_activity_at",
        "first_reply_created_at", "waiting_since", "agent_last_seen_at", "assignee_last_seen_at",
        "contact_last_seen_at", "sla_policy_id",
    ),
    "conversation.attributes": ("additional_attributes", "custom_attributes"),
    "messages": ("messages", "last_non_activity_message", "allMessagesLoaded"),
    "notes": ("messages", "allMessagesLoaded"),
}  # fmt: skip
META = {
    _ALWAYS: ("sender",),
    "conversation.basic": ("channel", "assignee", "assignee_type", "hmac_verified"),
}
MESSAGE = {
    _ALWAYS: (
        "id", "content", "processed_message_content", "message_type", "content_type", "content_attributes",
        "additional_attributes", "external_source_ids", "sentiment", "status", "private", "source_id",
        "echo_id", "created_at", "updated_at", "sender", "sender_type", "attachments", "conversation",
    ),
    "conversation.basic": ("inbox_id", "conversation_id", "account_id"),
}  # fmt: skip
# A message's own view of its conversation.
AROUND_MESSAGE = {
    "conversation.basic": ("assignee_id", "unread_count", "last_activity_at"),
    "contact.private": ("contact_inbox",),
}
AGENT = {
    _ALWAYS: (
        "id", "account_id", "name", "available_name", "type", "role", "availability_status", "auto_offline",
        "confirmed", "provider", "thumbnail", "avatar_url", "custom_role_id", "description", "bot_type",
    ),
    "agent.email": ("email",),
}  # fmt: skip
# Definitions of custom attributes are told with the attributes that they define.
DEFINITIONS = {
    "contact_attribute": "contact.attributes",
    "conversation_attribute": "conversation.attributes",
}

Face = dict[str, Any]


def projected(data: Face, scopes: Collection[str]) -> Face:
    """The `data` of a context, cut to the scopes at every depth. `data` itself stays as it is."""
    if set(scopes) >= set(USUAL_SCOPES):
        return data
    conversation, contact = data["conversation"], data["contact"]
    return {
        **data,
        "currentAgent": _cut(data["currentAgent"], AGENT, scopes),
        "customAttributes": [
            each for each in data["customAttributes"] if DEFINITIONS[each["attribute_model"]] in scopes
        ],
        "conversation": _conversation(conversation, scopes) if conversation else {},
        "contact": _cut(contact, CONTACT, scopes),
    }


def projected_message(face: Face, scopes: Collection[str]) -> Face:
    """A message, cut to the scopes: what is said of who wrote it, and of its conversation."""
    kept = _cut(face, MESSAGE, scopes)
    sender = face.get("sender")
    is_contact = sender is not None and sender["type"] == "contact"
    if sender is not None:
        kept["sender"] = _cut(sender, CONTACT if is_contact else AGENT, scopes)
    if "sender_id" in face and (not is_contact or "contact.basic" in scopes):
        kept["sender_id"] = face["sender_id"]
    if "conversation" in kept:
        kept["conversation"] = _cut(face["conversation"], AROUND_MESSAGE, scopes)
    return kept


def _conversation(face: Face, scopes: Collection[str]) -> Face:
    kept = _cut(face, CONVERSATION, scopes)
    kept["contact"] = _cut(face["contact"], CONTACT, scopes)
    kept["meta"] = _meta(face["meta"], scopes)
    if "messages" in kept:
        kept["messages"] = [projected_message(each, scopes) for each in face["messages"]]
    if kept.get("last_non_activity_message"):
        kept["last_non_activity_message"] = projected_message(face["last_non_activity_message"], scopes)
    return kept


def _meta(face: Face, scopes: Collection[str]) -> Face:
    kept = _cut(face, META, scopes)
    kept["sender"] = _cut(face["sender"], CONTACT, scopes)
    if "assignee" in kept:
        kept["assignee"] = _cut(face["assignee"], AGENT, scopes)
    return kept


def _cut(face: Face, table: dict[str, tuple[str, ...]], scopes: Collection[str]) -> Face:
    kept = {name for scope, names in table.items() if scope in {_ALWAYS, *scopes} for name in names}
    return {name: value for name, value in face.items() if name in kept}
