"""Conversations as events carry them, to sockets and to callbacks, in upstream's shapes."""

from typing import Any

from dashboard.bots.serializers import actor_push
from dashboard.bots.serializers import kind_of
from dashboard.contacts.serializers import contact_push
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.recent import Recent
from dashboard.conversations.serializers import message_push
from dashboard.lib import clock


def conversation_event(conversation: Conversation, recent: Recent) -> dict[str, Any]:
    """The conversation as everybody may see it: nothing private is in it, nor the token of its contact."""
    first_reply = conversation.first_reply_created_at
    last = recent.last_public
    return {
        "additional_attributes": conversation.additional_attributes,
        "can_reply": True,
        "channel": conversation.inbox.channel_type,
        "contact_inbox": _session(conversation),
        "id": conversation.display_id,
        "inbox_id": conversation.inbox_id,
        "messages": [message_push(last, conversation, recent.unread_count)] if last else [],
        "labels": conversation.labels,
        "meta": _meta(conversation),
        "status": conversation.status,
        "custom_attributes": conversation.custom_attributes,
        "snoozed_until": clock.epoch(conversation.snoozed_until) or None,
        "unread_count": recent.unread_count,
        "first_reply_created_at": clock.iso(first_reply) if first_reply else None,
        "priority": conversation.priority_name,
        "waiting_since": clock.epoch(conversation.waiting_since),
        "agent_last_seen_at": clock.epoch(conversation.agent_last_seen_at),
        "contact_last_seen_at": clock.epoch(conversation.contact_last_seen_at),
        "last_activity_at": clock.epoch(conversation.last_activity_at),
        "timestamp": clock.epoch(conversation.last_activity_at),
        "created_at": clock.epoch(conversation.created_at),
        "updated_at": conversation.updated_at.timestamp(),
    }


def own_conversation_event(conversation: Conversation, event: dict[str, Any]) -> dict[str, Any]:
    """The same for the contact whose session it is in: only there its socket token is told."""
    token = conversation.contact_inbox.pubsub_token
    return {**event, "contact_inbox": {**event["contact_inbox"], "pubsub_token": token}}


def _session(conversation: Conversation) -> dict[str, Any]:
    session = conversation.contact_inbox
    return {
        "id": session.id,
        "contact_id": session.contact_id,
        "inbox_id": session.inbox_id,
        "source_id": session.source_id,
        "created_at": clock.iso(session.created_at),
        "updated_at": clock.iso(session.updated_at),
        "hmac_verified": session.hmac_verified,
    }


def _meta(conversation: Conversation) -> dict[str, Any]:
    in_charge = conversation.in_charge
    return {
        "sender": contact_push(conversation.contact),
        "assignee": actor_push(in_charge, conversation.account_id) if in_charge else None,
        "assignee_type": kind_of(in_charge) if in_charge else None,
        "team": None,
        "hmac_verified": conversation.contact_inbox.hmac_verified,
    }
