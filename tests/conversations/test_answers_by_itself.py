"""What an inbox answers by itself: a greeting once, and that nobody is there, by upstream's rules."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.factories import make_conversation

CLOSED = [{"day_of_week": day, "closed_all_day": True, "open_all_day": False} for day in range(7)]
AWAY = {"working_hours_enabled": True, "out_of_office_message": "Back soon.", "working_hours": CLOSED}
GREETS = {"greeting_enabled": True, "greeting_message": "Welcome!"}


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox)


def go_to(moment: datetime) -> None:
    clock.shift(timedelta())
    clock.shift(moment - clock.now())


def answers(conversation: Conversation) -> list[str]:
    query = db.select(Message).filter_by(conversation_id=conversation.id, message_type="template")
    return [message.content for message in db.session.scalars(query.order_by(Message.id))]


def test_the_greeting_comes_once_after_the_first_message(conversation: Conversation, cast: Cast) -> None:
    cast.inbox.settings = GREETS

    receive_message(conversation, content="Hello?")
    receive_message(conversation, content="Anybody?")

    assert answers(conversation) == ["Welcome!"]
    assert conversation.waiting_since is not None
    assert conversation.first_reply_created_at is None


def test_a_greeting_has_its_placeholders_filled_in(conversation: Conversation, cast: Cast) -> None:
    greeting = "Hello {{contact.name}}, this is {{agent.name | default: 'the team'}} of {{inbox.name}}."
    cast.inbox.settings = {**GREETS, "greeting_message": greeting}
    conversation.contact.name = "Zoe {{contact.email}}"

    receive_message(conversation, content="Hello?")

    assert answers(conversation) == ["Hello Zoe {{contact.email}}, this is the team of Website."]


def test_who_was_spoken_to_is_not_greeted(conversation: Conversation, cast: Cast) -> None:
    cast.inbox.settings = GREETS
    post_message(conversation, content="We found your parcel", author=cast.bo)

    receive_message(conversation, content="Thanks")

    assert answers(conversation) == []


def test_a_note_among_agents_is_not_speaking_to_the_customer(conversation: Conversation, cast: Cast) -> None:
    cast.inbox.settings = GREETS
    post_note(conversation, content="Careful", author=cast.bo)

    receive_message(conversation, content="Hello?")

    assert answers(conversation) == ["Welcome!"]


def test_outside_of_the_hours_it_says_so_once_a_day_and_does_not_greet(
    conversation: Conversation, cast: Cast
) -> None:
    cast.inbox.settings = {**AWAY, **GREETS}
    go_to(datetime(2026, 11, 22, 10, tzinfo=UTC))
    receive_message(conversation, content="Hello?")
    receive_message(conversation, content="Anybody?")
    assert answers(conversation) == ["Back soon."]

    go_to(datetime(2026, 11, 23, 10, tzinfo=UTC))
    receive_message(conversation, content="And now?")

    assert answers(conversation) == ["Back soon.", "Back soon."]


def test_while_an_agent_answers_nobody_is_away(conversation: Conversation, cast: Cast) -> None:
    cast.inbox.settings = AWAY
    post_message(conversation, content="I am late today", author=cast.bo)
    receive_message(conversation, content="Good")
    assert answers(conversation) == []

    clock.shift(timedelta(minutes=6))
    receive_message(conversation, content="Still there?")

    assert answers(conversation) == ["Back soon."]


@pytest.mark.parametrize(
    "settings", [{}, {**AWAY, "working_hours_enabled": False}, {**GREETS, "greeting_message": ""}]
)
def test_an_inbox_that_is_not_asked_to_says_nothing(
    conversation: Conversation, cast: Cast, settings: dict[str, Any]
) -> None:
    cast.inbox.settings = settings

    receive_message(conversation, content="Hello?")

    assert answers(conversation) == []


def test_a_blocked_contact_is_not_answered(conversation: Conversation, cast: Cast) -> None:
    cast.inbox.settings = GREETS
    conversation.contact.blocked = True

    receive_message(conversation, content="Hello?")

    assert answers(conversation) == []


def test_the_api_checks_hours_and_zone(cast: Cast, api: Callable[..., Any]) -> None:
    path = f"/api/v1/accounts/{cast.acme.id}/inboxes/{cast.inbox.id}"
    tuesday = {"day_of_week": 2, "open_hour": 10, "open_minutes": 0, "close_hour": 11, "close_minutes": 30}

    changed = api(cast.ada).patch(path, {"working_hours": [tuesday], "timezone": "Asia/Tokyo"})
    assert [day["day_of_week"] for day in changed["working_hours"]] == list(range(7))
    assert changed["working_hours"][2]["close_minutes"] == 30
    assert changed["working_hours"][1]["open_hour"] == 9

    backwards = {"day_of_week": 2, "open_hour": 12, "close_hour": 11}
    refused = api(cast.ada).patch(path, {"working_hours": [backwards]}, expect=422)
    assert refused["attributes"] == ["working_hours"]
    assert api(cast.ada).patch(path, {"timezone": "Mars"}, expect=422)["attributes"] == ["timezone"]


def test_the_api_replaces_the_keys(cast: Cast, api: Callable[..., Any]) -> None:
    path = f"/api/v1/accounts/{cast.acme.id}/inboxes/{cast.inbox.id}"
    before = api(cast.ada).get(path)

    assert api(cast.ada).post(f"{path}/reset_secret")["secret"] != before["secret"]
    assert api(cast.ada).post(f"{path}/rotate_hmac_token")["hmac_token"] != before["hmac_token"]
