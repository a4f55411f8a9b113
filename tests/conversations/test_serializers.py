"""Conversations and messages as the API shows them, field by field."""

from datetime import UTC
from datetime import datetime
from typing import Any

from dashboard.accounts.models import Membership
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import summary_of
from dashboard.conversations.serializers import conversation_json
from dashboard.conversations.serializers import message_json
from dashboard.conversations.serializers import message_push
from dashboard.conversations.serializers import messages_meta
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
NOON_SECONDS = 1768478400


def summary(cast: Cast, conversation: Conversation) -> Summary:
    member = db.session.execute(
        db.select(Membership).filter_by(account_id=cast.acme.id, user_id=cast.ada.id)
    ).scalar_one()
    return summary_of(member, conversation.display_id)


def make_full(cast: Cast, **fields: Any) -> Conversation:
    contact = make_contact(cast.acme, name="Maria", email="maria@example.com", created_at=NOON)
    return make_conversation(
        cast.inbox,
        contact=contact,
        created_at=NOON,
        updated_at=NOON,
        last_activity_at=NOON,
        labels=["vip"],
        priority=3,
        custom_attributes={"order": "1"},
        additional_attributes={"referer": "https://shop.example/"},
        **fields,
    )


def test_a_conversation_has_every_field_of_the_contract(cast: Cast) -> None:
    conversation = make_full(cast, assignee_id=cast.bo.id)

    face = conversation_json(summary(cast, conversation))

    assert face["meta"].pop("sender")["email"] == "maria@example.com"
    assert face["meta"].pop("assignee")["id"] == cast.bo.id
    assert face == {
        "meta": {"channel": "Channel::Api", "hmac_verified": False, "assignee_type": "User"},
        "id": conversation.display_id,
        "messages": [],
        "account_id": cast.acme.id,
        "uuid": conversation.uuid,
        "additional_attributes": {"referer": "https://shop.example/"},
        "agent_last_seen_at": 0,
        "assignee_last_seen_at": 0,
        "contact_last_seen_at": 0,
        "can_reply": True,
        "custom_attributes": {"order": "1"},
        "inbox_id": cast.inbox.id,
        "labels": ["vip"],
        "muted": False,
        "snoozed_until": None,
        "status": "open",
        "created_at": NOON_SECONDS,
        "updated_at": float(NOON_SECONDS),
        "timestamp": NOON_SECONDS,
        "first_reply_created_at": 0,
        "unread_count": 0,
        "last_non_activity_message": None,
        "last_activity_at": NOON_SECONDS,
        "priority": "urgent",
        "waiting_since": 0,
        "sla_policy_id": None,
    }


def test_without_an_assignee_there_is_no_key_for_one(cast: Cast) -> None:
    face = conversation_json(summary(cast, make_full(cast)))

    assert not {"assignee", "assignee_type"} & set(face["meta"])


def test_the_last_messages_are_those_of_the_thread(cast: Cast) -> None:
    conversation = make_full(cast)
    said = make_message(conversation, "Hello")
    line = make_message(conversation, "Something happened", message_type="activity")

    face = conversation_json(summary(cast, conversation))

    assert [message["id"] for message in face["messages"]] == [line.id]
    assert face["last_non_activity_message"]["id"] == said.id
    assert face["unread_count"] == 1


def test_a_message_names_its_sender(cast: Cast) -> None:
    conversation = make_full(cast)
    incoming = make_message(conversation, "Hello", created_at=NOON, source_id="wamid.1")
    outgoing = make_message(conversation, "Hi", message_type="outgoing", sender_user_id=cast.bo.id)
    line = make_message(conversation, "Resolved", message_type="activity")

    face = message_json(incoming, conversation)
    sender = face.pop("sender")
    assert face == {
        "id": incoming.id,
        "content": "Hello",
        "inbox_id": cast.inbox.id,
        "conversation_id": conversation.display_id,
        "message_type": 0,
        "content_type": "text",
        "status": "sent",
        "content_attributes": {},
        "created_at": NOON_SECONDS,
        "private": False,
        "source_id": "wamid.1",
    }
    assert (sender["type"], sender["email"]) == ("contact", "maria@example.com")
    outgoing.echo_id = "echo-1"
    ours = message_json(outgoing, conversation)
    assert (ours["message_type"], ours["echo_id"], ours["sender"]["type"]) == (1, "echo-1", "user")
    assert "email" not in ours["sender"]
    assert "sender" not in message_json(line, conversation)


def test_a_pushed_message_tells_of_its_conversation(cast: Cast) -> None:
    conversation = make_full(cast, assignee_id=cast.bo.id)
    message = make_message(conversation, "Hello", created_at=NOON, updated_at=NOON)

    face = message_push(message, conversation, 3)

    assert (face["sender_type"], face["sender_id"]) == ("Contact", conversation.contact_id)
    assert face["updated_at"] == "2026-01-15T12:00:00.000Z"
    assert face["conversation"] == {
        "assignee_id": cast.bo.id,
        "unread_count": 3,
        "last_activity_at": NOON_SECONDS,
        "contact_inbox": {"source_id": conversation.contact_inbox.source_id},
    }


def test_what_stands_beside_messages(cast: Cast) -> None:
    face = messages_meta(summary(cast, make_full(cast, assignee_id=cast.bo.id, agent_last_seen_at=NOON)))

    assert face["agent_last_seen_at"] == "2026-01-15T12:00:00.000Z"
    assert face["assignee_last_seen_at"] is None
    assert face["assignee"]["id"] == cast.bo.id
