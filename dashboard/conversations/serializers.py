"""Conversations and messages, one face for each audience, in upstream's shapes."""

from typing import Any

from dashboard.accounts.serializers import agent_json
from dashboard.bots.serializers import actor_push
from dashboard.bots.serializers import slim_bot_json
from dashboard.contacts.serializers import contact_json
from dashboard.contacts.serializers import contact_push
from dashboard.conversations.models import MESSAGE_TYPES
from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.summaries import Summary
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from dashboard.lib.file_addresses import address_of_file

_SENDER_TYPES = {"contact": "Contact", "user": "User", "agent_bot": "AgentBot"}
_OF_AGENT = ("id", "available_name", "email", "name", "role")


def conversation_json(summary: Summary) -> dict[str, Any]:
    """The conversation of the REST API."""
    conversation = summary.conversation
    last, said = summary.last_message, summary.last_said
    return {
        "meta": _meta(summary),
        "id": conversation.display_id,
        "messages": [message_push(last, conversation, summary.unread_count)] if last else [],
        "account_id": conversation.account_id,
        "uuid": conversation.uuid,
        "additional_attributes": conversation.additional_attributes,
        "agent_last_seen_at": clock.epoch(conversation.agent_last_seen_at),
        "assignee_last_seen_at": clock.epoch(conversation.assignee_last_seen_at),
        "contact_last_seen_at": clock.epoch(conversation.contact_last_seen_at),
        "can_reply": True,
        "custom_attributes": conversation.custom_attributes,
        "inbox_id": conversation.inbox_id,
        "labels": conversation.labels,
        "muted": conversation.contact.blocked,
        "snoozed_until": clock.epoch(conversation.snoozed_until) or None,
        "status": conversation.status,
        "created_at": clock.epoch(conversation.created_at),
        "updated_at": conversation.updated_at.timestamp(),
        "timestamp": clock.epoch(conversation.last_activity_at),
        "first_reply_created_at": clock.epoch(conversation.first_reply_created_at),
        "unread_count": summary.unread_count,
        "last_non_activity_message": message_push(said, conversation, summary.unread_count) if said else None,
        "last_activity_at": clock.epoch(conversation.last_activity_at),
        "priority": conversation.priority_name,
        "waiting_since": clock.epoch(conversation.waiting_since),
        "sla_policy_id": None,
    }


def message_json(message: Message, conversation: Conversation) -> dict[str, Any]:
    """The message of the REST API; `conversation` is the one that it is of."""
    face = {
        "id": message.id,
        "content": message.content,
        "inbox_id": conversation.inbox_id,
        "conversation_id": conversation.display_id,
        "message_type": MESSAGE_TYPES.index(message.message_type),
        "content_type": message.content_type,
        "status": message.status,
        "content_attributes": message.content_attributes,
        "created_at": clock.epoch(message.created_at),
        "private": message.private,
        "source_id": message.source_id,
    }
    if message.echo_id:
        face["echo_id"] = message.echo_id
    sender = sender_push(message, conversation)
    if sender:
        face["sender"] = sender
    if message.attached:
        face["attachments"] = [attachment_json(file) for file in message.files]
    return face


def attachment_json(file: Attachment) -> dict[str, Any]:
    """A file, with an address that needs no session."""
    address = address_of_file(file.id, file.name)
    face = {
        "id": file.id,
        "message_id": file.message_id,
        "file_type": file.file_type,
        "account_id": file.account_id,
        "extension": file.extension or None,
        "content_type": file.content_type,
        "data_url": address,
        "thumb_url": f"{address}?thumb=1" if file.width else "",
        "file_size": file.size,
        "width": file.width,
        "height": file.height,
    }
    return {**face, "transcribed_text": ""} if file.file_type == "audio" else face


def listed_attachment_json(file: Attachment, conversation: Conversation) -> dict[str, Any]:
    """The same in a list of files, with when and by whom it was sent."""
    face = {**attachment_json(file), "created_at": clock.epoch(file.message.created_at)}
    sender = sender_push(file.message, conversation)
    return {**face, "sender": sender} if sender else face


def message_push(message: Message, conversation: Conversation, unread_count: int) -> dict[str, Any]:
    """The message as events carry it: every column, and a little of its conversation."""
    face = message_json(message, conversation)
    sender = face.get("sender")
    return {
        **face,
        "account_id": conversation.account_id,
        "updated_at": clock.iso(message.updated_at),
        "sender_type": _SENDER_TYPES[sender["type"]] if sender else None,
        "sender_id": sender["id"] if sender else None,
        "external_source_ids": {},
        "additional_attributes": {},
        "processed_message_content": message.content,
        "sentiment": {},
        "conversation": {
            "assignee_id": conversation.assignee_id,
            "unread_count": unread_count,
            "last_activity_at": clock.epoch(conversation.last_activity_at),
            "contact_inbox": {"source_id": conversation.contact_inbox.source_id},
        },
    }


def message_found_json(message: Message) -> dict[str, Any]:
    """The message as a hit of search, with where it was said."""
    conversation = message.conversation
    return {
        **message_json(message, conversation),
        "account_id": conversation.account_id,
        "contact": contact_json(conversation.contact),
        "inbox": _place(conversation.inbox),
    }


def conversation_found_json(summary: Summary, first: Message | None) -> dict[str, Any]:
    """The conversation as a hit of search, with the message that it begins with."""
    conversation, agent = summary.conversation, summary.assignee
    return {
        "id": conversation.display_id,
        "account_id": conversation.account_id,
        "created_at": clock.epoch(conversation.created_at),
        "message": message_json(first, conversation) if first else None,
        "contact": contact_json(conversation.contact),
        "inbox": _place(conversation.inbox),
        "agent": {key: agent_json(agent)[key] for key in _OF_AGENT} if agent else None,
        "additional_attributes": conversation.additional_attributes,
    }


def sender_push(message: Message, conversation: Conversation) -> dict[str, Any] | None:
    """Who wrote it: the contact, a person of the desk, or nobody (an activity line)."""
    if message.is_incoming:
        return contact_push(conversation.contact)
    return actor_push(message.author, conversation.account_id) if message.author else None


def messages_meta(summary: Summary) -> dict[str, Any]:
    """What stands beside a list of messages."""
    conversation = summary.conversation
    seen, assignee_seen = conversation.agent_last_seen_at, conversation.assignee_last_seen_at
    face = {
        "labels": conversation.labels,
        "additional_attributes": conversation.additional_attributes,
        "contact": contact_push(conversation.contact),
        "agent_last_seen_at": clock.iso(seen) if seen else None,
        "assignee_last_seen_at": clock.iso(assignee_seen) if assignee_seen else None,
    }
    if conversation.in_charge:
        face["assignee"] = actor_push(conversation.in_charge, conversation.account_id)
    return face


def _place(inbox: Inbox) -> dict[str, Any]:
    return {
        "id": inbox.id,
        "channel_id": inbox.id,
        "name": inbox.name,
        "channel_type": inbox.channel_type,
    }


def _meta(summary: Summary) -> dict[str, Any]:
    conversation = summary.conversation
    meta = {
        "sender": contact_json(conversation.contact),
        "channel": conversation.inbox.channel_type,
        "hmac_verified": conversation.contact_inbox.hmac_verified,
    }
    if summary.assignee:
        meta["assignee"] = agent_json(summary.assignee)
        meta["assignee_type"] = "User"
    elif conversation.assignee_bot:
        meta["assignee"] = slim_bot_json(conversation.assignee_bot)
        meta["assignee_type"] = "AgentBot"
    return meta
