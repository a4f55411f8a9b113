"""Bots in conversations: what they say, what they have, and how it becomes people's."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from dashboard import transactions
from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.handing import open_after_failure
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.payloads import conversation_event
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.recent import recent_of
from dashboard.extensions import db
from dashboard.inboxes.operations import connect_bot
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.queries import counted

pytestmark = pytest.mark.database

Api = Callable[..., ApiClient]
CARDS = [
    {
        "title": "Lantern",
        "description": "Warm",
        "actions": [{"type": "link", "text": "See", "uri": "https://a.b"}],
    }
]
CLOSED = [{"day_of_week": day, "closed_all_day": True, "open_all_day": False} for day in range(7)]
AWAY = {"working_hours_enabled": True, "out_of_office_message": "Back soon.", "working_hours": CLOSED}


@pytest.fixture
def conversation(cast: Cast, robo: AgentBot) -> Conversation:
    """A customer has just come to an inbox with a bot."""
    session = make_contact_inbox(make_contact(cast.acme), cast.inbox)
    return open_conversation(session, actor=None)


@pytest.fixture
def path(conversation: Conversation) -> str:
    return f"/api/v1/accounts/{conversation.account_id}/conversations/{conversation.display_id}"


@pytest.fixture
def heard() -> Any:
    events: list[str] = []
    names = ("status_changed", "bot_handoff")
    before = dict(transactions.LIVE)
    for name in names:
        event = f"conversation.{name}"
        transactions.LIVE[event] = [*before.get(event, []), lambda told: events.append(told.name)]
    yield events
    transactions.LIVE.clear()
    transactions.LIVE.update(before)


def lines(conversation: Conversation) -> list[str]:
    return [message.content for message in messages_of(conversation) if message.is_activity]


# What it says


def test_a_bot_answers_with_cards(api: Api, robo: AgentBot, cast: Cast, path: str) -> None:
    given = {"content": "Ours:", "content_type": "cards", "content_attributes": {"items": CARDS}}

    said = api(robo).post(f"{path}/messages", given)

    assert (said["message_type"], said["content_type"], said["content_attributes"]["items"]) == (
        1,
        "cards",
        CARDS,
    )
    assert said["sender"] == {"id": robo.id, "name": "Robo", "avatar_url": "", "type": "agent_bot"}
    shown = api(cast.bo).get(path)
    assert [shown[name]["sender_type"] for name in ("last_non_activity_message",)] == ["AgentBot"]
    assert (shown["messages"][0]["sender_type"], shown["messages"][0]["sender_id"]) == ("AgentBot", robo.id)
    assert api(cast.bo).get(f"{path}/messages")["payload"][-1]["sender"] == said["sender"]


def test_a_bot_writes_notes_and_takes_in_what_the_contact_said(api: Api, robo: AgentBot, path: str) -> None:
    note = api(robo).post(f"{path}/messages", {"content": "Angry", "private": True})
    came = api(robo).post(f"{path}/messages", {"content": "Hello?", "message_type": "incoming"})

    assert (note["private"], note["sender"]["type"]) == (True, "agent_bot")
    assert (came["message_type"], came["sender"]["type"]) == (0, "contact")


def test_a_person_may_speak_as_a_bot(api: Api, robo: AgentBot, cast: Cast, path: str) -> None:
    given = {"content": "Hi", "sender_type": "AgentBot", "sender_id": robo.id, "echo_id": "0123456789abcdef"}

    said = api(cast.bo).post(f"{path}/messages", given)

    assert (said["sender"]["type"], said["sender"]["id"]) == ("agent_bot", robo.id)
    assert api(cast.bo).post(f"{path}/messages", given)["id"] == said["id"]
    other = api(cast.bo).post(f"{path}/messages", {**given, "sender_type": None})
    assert (other["id"] != said["id"], other["sender"]["type"]) == (True, "user")


def test_who_has_a_bots_answer_waits_no_longer_but_had_none_of_people(
    conversation: Conversation, robo: AgentBot, cast: Cast
) -> None:
    post_message(conversation, content="One moment, {{agent.name | default: 'we'}} look.", author=robo)

    assert messages_of(conversation)[-1].content == "One moment, we look."
    assert (conversation.waiting_since, conversation.first_reply_created_at) == (None, None)
    receive_message(conversation, content="And?")
    assert conversation.waiting_since is not None
    post_message(conversation, content="Found it", author=cast.bo)
    assert conversation.first_reply_created_at is not None


def test_the_customer_sees_who_speaks(
    app: Flask, conversation: Conversation, robo: AgentBot, cast: Cast
) -> None:
    post_message(conversation, content="Hello!", author=robo)
    post_note(conversation, content="Angry", author=robo)
    session = conversation.contact_inbox
    home = f"/public/api/v1/inboxes/{cast.inbox.identifier}/contacts/{session.source_id}/conversations"

    said = ApiClient(app).get(f"{home}/{conversation.display_id}/messages")

    assert [(each["content"], each["sender"]["name"], each["sender"]["type"]) for each in said] == [
        ("Hello!", "Robo", "agent_bot")
    ]
    assert ApiClient(app).get(f"{home}/{conversation.display_id}")["status"] == "pending"


def test_what_bots_said_is_found_and_listed(api: Api, robo: AgentBot, cast: Cast, path: str) -> None:
    api(robo).post(f"{path}/messages", {"content": "Lanterns are on the second floor"})
    account = path.partition("/conversations")[0]

    hit = api(cast.bo).get(f"{account}/search/messages?q=lanterns")["payload"]["messages"][0]
    listed = api(cast.bo).get(f"{account}/conversations?status=pending")["data"]["payload"][0]

    assert hit["sender"]["type"] == listed["messages"][0]["sender"]["type"] == "agent_bot"


def test_bots_cost_no_more_to_ask_for(api: Api, robo: AgentBot, cast: Cast, path: str) -> None:
    conversation = db.session.query(Conversation).one()
    for _ in range(3):
        make_message(conversation, message_type="outgoing", sender_user_id=cast.bo.id)
    account = path.partition("/conversations")[0]

    def asked() -> list[int]:
        numbers = []
        for each in (path, f"{path}/messages", f"{account}/conversations?status=pending"):
            db.session.expunge_all()
            with counted() as queries:
                ada.get(each)
            numbers.append(queries.number)
        return numbers

    ada, robo_id = api(cast.ada), robo.id
    asked()
    before = asked()
    db.session.execute(db.update(Message).values(sender_user_id=None, sender_bot_id=robo_id))
    db.session.execute(db.update(Conversation).values(assignee_bot_id=robo_id))
    assert asked() == before


# Who has it


def test_a_conversation_is_assigned_to_a_bot_or_a_person_never_to_both(
    api: Api, conversation: Conversation, robo: AgentBot, cast: Cast, path: str
) -> None:
    bo = api(cast.bo)
    bo.post(f"{path}/assignments", {"assignee_id": cast.bo.id})

    slim = bo.post(f"{path}/assignments", {"assignee_id": robo.id, "assignee_type": "AgentBot"})

    assert slim == {
        "id": robo.id,
        "name": "Robo",
        "description": "",
        "thumbnail": "",
        "bot_type": "webhook",
    }
    meta = bo.get(path)["meta"]
    assert (meta["assignee"], meta["assignee_type"]) == (slim, "AgentBot")
    told = conversation_event(conversation, recent_of(conversation))["meta"]
    assert (told["assignee"]["type"], told["assignee_type"]) == ("agent_bot", "AgentBot")
    assert bo.get(f"{path}/messages")["meta"]["assignee"]["type"] == "agent_bot"
    assert conversation.assignee is None
    counts = bo.get(path.rpartition("/")[0] + "/meta?status=all")["meta"]
    assert (counts["unassigned_count"], counts["assigned_count"]) == (1, 0)

    bo.post(f"{path}/assignments", {"assignee_id": cast.bo.id})
    assert (conversation.assignee_bot, bo.get(path)["meta"]["assignee_type"]) == (None, "User")
    bo.post(f"{path}/assignments", {"assignee_id": robo.id, "assignee_type": "AgentBot"})
    assert bo.post(f"{path}/assignments", {"assignee_id": None}) is None
    assert "assignee" not in bo.get(path)["meta"]
    assert lines(conversation) == [
        "Bo Agent self-assigned this conversation",
        "Assigned to Robo by Bo Agent",
        "Bo Agent self-assigned this conversation",
        "Assigned to Robo by Bo Agent",
        "Conversation unassigned by Bo Agent",
    ]


def test_the_bot_has_first_what_comes_to_its_inbox(cast: Cast, robo: AgentBot) -> None:
    session = make_contact_inbox(make_contact(cast.acme), cast.inbox)
    blocked = make_contact_inbox(make_contact(cast.acme, blocked=True), cast.inbox)

    assert open_conversation(session, status="open", actor=cast.ada).status == "pending"
    assert open_conversation(blocked, actor=None).status == "resolved"
    connect_bot(cast.inbox, bot=None, actor=cast.ada)
    assert open_conversation(session, actor=None).status == "open"


def test_what_is_resolved_comes_back_to_the_bot_and_what_people_put_off_to_them(
    cast: Cast, robo: AgentBot
) -> None:
    resolved, snoozed, opened = (
        make_conversation(cast.inbox, status=s) for s in ("resolved", "snoozed", "open")
    )

    for conversation in (resolved, snoozed, opened):
        receive_message(conversation, content="Still broken")

    assert [each.status for each in (resolved, snoozed, opened)] == ["pending", "open", "open"]
    assert lines(resolved) == ["System reopened the conversation due to a new incoming message."]


def test_nobody_is_away_while_a_bot_answers(conversation: Conversation, robo: AgentBot, cast: Cast) -> None:
    cast.inbox.settings = AWAY

    def said() -> list[str]:
        return [each.content for each in messages_of(conversation) if each.message_type == "template"]

    receive_message(conversation, content="Hello?")
    post_message(conversation, content="I get somebody", author=robo)
    assert said() == []

    change_status(conversation, to="open", actor=robo)
    receive_message(conversation, content="Anybody?")
    assert said() == ["Back soon."]


# How it becomes people's


def test_a_bot_hands_over(
    api: Api, robo: AgentBot, cast: Cast, conversation: Conversation, path: str, heard: list[str]
) -> None:
    api(robo).post(f"{path}/messages", {"content": "I get somebody"})
    assert conversation.waiting_since is None

    answer = api(robo).post(f"{path}/toggle_status", {"status": "open"})["payload"]

    assert (answer["success"], answer["current_status"]) == (None, "open")
    assert conversation.waiting_since is not None
    assert conversation.assignee is None
    assert heard == ["conversation.status_changed", "conversation.bot_handoff"]
    assert lines(conversation) == ["Conversation was reopened by Robo"]


def test_who_waited_already_waits_as_long(
    api: Api, robo: AgentBot, conversation: Conversation, path: str
) -> None:
    since = conversation.waiting_since

    api(robo).post(f"{path}/toggle_status")

    assert (conversation.status, conversation.waiting_since) == ("open", since)


def test_people_give_it_back_and_the_bot_may_resolve_it(
    api: Api, robo: AgentBot, cast: Cast, conversation: Conversation, path: str, heard: list[str]
) -> None:
    api(cast.bo).post(f"{path}/toggle_status", {"status": "open"})
    assert conversation.assignee_id == cast.bo.id

    api(cast.bo).post(f"{path}/toggle_status", {"status": "pending"})
    answer = api(robo).post(f"{path}/toggle_status", {"status": "resolved"})["payload"]

    assert (answer["success"], conversation.status) == (True, "resolved")
    assert "conversation.bot_handoff" not in heard


def test_a_bot_that_cannot_be_reached_loses_what_it_has(conversation: Conversation, heard: list[str]) -> None:
    open_after_failure(conversation)
    open_after_failure(conversation)

    assert conversation.status == "open"
    assert lines(conversation) == [
        "Conversation was marked open by system due to an error with the agent bot."
    ]
    assert heard == ["conversation.status_changed"]


def test_what_somebody_took_over_meanwhile_stays_theirs(conversation: Conversation, cast: Cast) -> None:
    assign_conversation(conversation, to=cast.bo, actor=cast.bo)
    change_status(conversation, to="resolved", actor=cast.bo)

    open_after_failure(conversation)

    assert conversation.status == "resolved"
