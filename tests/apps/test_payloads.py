"""What an app is told: all that the guides promise, and nothing that is not its business."""

import json
from typing import Any

from dashboard.accounts.models import Membership
from dashboard.apps.payloads import CONTEXT_MESSAGES
from dashboard.apps.payloads import app_context
from dashboard.apps.payloads import empty_context
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.summaries import summary_of
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.factories import make_messages

NOTE = "she threatened to leave"


def context(cast: Cast, conversation: Conversation) -> dict[str, Any]:
    member = db.session.execute(
        db.select(Membership).filter_by(account_id=cast.acme.id, user_id=cast.bo.id)
    ).scalar_one()
    summary = summary_of(member, conversation.display_id)
    return app_context(summary, messages_of(conversation, limit=30), agent=cast.bo, theme="dark")


def test_an_app_knows_the_customer_wherever_its_reader_looks(cast: Cast) -> None:
    contact = make_contact(cast.acme, name="Maria", custom_attributes={"plan": "gold"})
    conversation = make_conversation(cast.inbox, contact=contact)

    data = context(cast, conversation)

    assert set(data) == {"conversation", "contact", "currentAgent", "customAttributes", "theme", "meta"}
    assert data["contact"] == data["conversation"]["contact"] == data["conversation"]["meta"]["sender"]
    assert data["contact"]["custom_attributes"] == {"plan": "gold"}
    assert data["currentAgent"] == {"id": cast.bo.id, "name": "Bo Agent", "email": cast.bo.email}
    assert (data["customAttributes"], data["theme"]) == ([], "dark")
    assert data["conversation"]["id"] == conversation.display_id


def test_an_app_gets_the_last_messages_and_no_more(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    make_messages(conversation, 30)

    face = context(cast, conversation)["conversation"]

    contents = [message["content"] for message in face["messages"]]
    assert contents == [f"Message {number}" for number in range(31 - CONTEXT_MESSAGES, 31)]
    assert face["allMessagesLoaded"] is False


def test_private_notes_are_nowhere_in_it(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    make_message(conversation, "Hello")
    make_message(conversation, NOTE, message_type="outgoing", private=True, sender_user_id=cast.bo.id)

    data = context(cast, conversation)

    assert NOTE not in json.dumps(data)
    assert data["conversation"]["last_non_activity_message"]["content"] == "Hello"
    assert data["conversation"]["allMessagesLoaded"] is True


def test_a_thread_of_notes_alone_says_nothing(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    make_message(conversation, NOTE, message_type="outgoing", private=True, sender_user_id=cast.bo.id)

    face = context(cast, conversation)["conversation"]

    assert face["messages"] == []
    assert face["last_non_activity_message"] is None


def test_no_token_is_in_it_at_any_depth(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, assignee_id=cast.bo.id)
    make_messages(conversation, 3)
    make_message(conversation, "Hi", message_type="outgoing", sender_user_id=cast.bo.id)

    written = json.dumps(context(cast, conversation)) + json.dumps(
        empty_context(agent=cast.bo, theme="light")
    )

    secrets = [
        conversation.contact_inbox.pubsub_token,
        cast.inbox.hmac_token,
        cast.inbox.identifier,
        cast.inbox.secret,
        cast.bo.pubsub_token,
        cast.token(cast.bo),
    ]
    assert not [secret for secret in secrets if secret in written]
    assert not [key for key in ("pubsub_token", "access_token", "hmac_token", "password") if key in written]


def test_other_contacts_are_not_in_it(cast: Cast) -> None:
    stranger = make_contact(cast.acme, email="stranger@example.com")
    make_message(make_conversation(cast.inbox, contact=stranger))
    conversation = make_conversation(cast.inbox)

    assert "stranger@example.com" not in json.dumps(context(cast, conversation))


def test_where_nothing_is_open_there_is_still_somebody_who_looks(cast: Cast) -> None:
    data = empty_context(agent=cast.bo, theme="light")

    assert (data["conversation"], data["contact"]) == ({}, {})
    assert data["currentAgent"]["email"] == cast.bo.email
