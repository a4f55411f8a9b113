"""What a bot may do with its token: a few doors, in its own account, and nothing else anywhere."""

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.http.openapi import path_of
from dashboard.realtime.rooms import Claim
from dashboard.realtime.rooms import guest_of
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox

Api = Callable[..., ApiClient]
ACCOUNT = "/api/v1/accounts/{account_id}"
CONVERSATION = f"{ACCOUNT}/conversations/{{conversation_id}}"
NOT_FOR_BOTS = {"error": "Access to this endpoint is not authorized for bots"}
ALLOWED = {
    ("POST", f"{ACCOUNT}/conversations"),
    ("GET", CONVERSATION),
    ("PATCH", CONVERSATION),
    ("PUT", CONVERSATION),
    ("POST", f"{CONVERSATION}/toggle_status"),
    ("POST", f"{CONVERSATION}/toggle_typing_status"),
    ("POST", f"{CONVERSATION}/toggle_priority"),
    ("POST", f"{CONVERSATION}/custom_attributes"),
    ("POST", f"{CONVERSATION}/messages"),
    ("POST", f"{CONVERSATION}/assignments"),
    ("GET", f"{CONVERSATION}/labels"),
    ("POST", f"{CONVERSATION}/labels"),
}


def doors(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Every door that asks who is there and speaks JSON."""
    for rule in app.url_map.iter_rules():
        if (
            rule.rule.startswith(("/api/", "/auth/"))
            and app.view_functions[rule.endpoint].permission != "public"
        ):
            yield from ((method, path_of(rule), rule) for method in rule.methods - {"HEAD", "OPTIONS"})


def address(rule: Rule, account_id: int) -> str:
    values = dict.fromkeys(rule.arguments, 1) | {"account_id": account_id}
    return "".join(f"/{values[part]}"[1:] if is_name else part for is_name, part in rule._trace).lstrip("|")


@pytest.fixture
def conversation(cast: Cast, robo: AgentBot) -> Conversation:
    return make_conversation(cast.inbox, status="pending")


@pytest.fixture
def path(conversation: Conversation) -> str:
    return f"/api/v1/accounts/{conversation.account_id}/conversations/{conversation.display_id}"


def test_bots_may_use_these_doors_and_no_others(app: Flask) -> None:
    marked = {
        (method, path)
        for method, path, rule in doors(app)
        if getattr(app.view_functions[rule.endpoint], "lets_bots_in", False)
    }

    assert marked == ALLOWED


def test_every_other_door_says_so(app: Flask, api: Api, cast: Cast, robo: AgentBot) -> None:
    client = api(robo)

    for method, path, rule in doors(app):
        if (method, path) not in ALLOWED:
            assert client.send(method, address(rule, cast.acme.id), {}, expect=401) == NOT_FOR_BOTS, path


def test_a_bot_stays_in_its_account(app: Flask, api: Api, cast: Cast, robo: AgentBot) -> None:
    for method, path, rule in doors(app):
        if (method, path) in ALLOWED:
            foreign = api(robo).send(method, address(rule, cast.other.id), {}, expect=401)
            assert foreign == {"error": "Bot is not authorized to access this account"}
            api(robo).send(method, address(rule, 987_654), {}, expect=404)


def test_it_reaches_every_conversation_of_the_account(api: Api, cast: Cast, robo: AgentBot) -> None:
    elsewhere = make_conversation(make_inbox(cast.acme))
    api(robo).get(f"/api/v1/accounts/{cast.acme.id}/conversations/{elsewhere.display_id}")
    api(robo).get(f"/api/v1/accounts/{cast.acme.id}/conversations/987654", expect=404)


def test_another_token_makes_the_old_one_nobodys(api: Api, cast: Cast, robo: AgentBot, path: str) -> None:
    old = api(robo)
    old.get(path)

    api(cast.ada).post(f"/api/v1/accounts/{cast.acme.id}/agent_bots/{robo.id}/reset_access_token")

    assert old.get(path, expect=401) == {"error": "Invalid Access Token"}
    api(robo).get(path)


def test_it_may_come_as_a_bearer_but_opens_no_page(app: Flask, robo: AgentBot, path: str, cast: Cast) -> None:
    bearer = {"Authorization": f"Bearer {robo.token}"}

    assert app.test_client().get(path, headers=bearer).status_code == 200
    page = app.test_client().get(f"/accounts/{cast.acme.id}/conversations", headers=bearer)
    assert page.headers["Location"].startswith("/login")


def test_a_bot_is_nobody_on_the_live_connection(robo: AgentBot) -> None:
    assert guest_of(Claim(token=robo.token, account_id=robo.account_id, user_id=robo.id)) is None
    assert guest_of(Claim(token=robo.token)) is None


def test_a_bot_works_on_a_conversation(
    api: Api, cast: Cast, robo: AgentBot, conversation: Conversation, path: str
) -> None:
    bot = api(robo)

    assert bot.patch(path, {"priority": "high"})["priority"] == "high"
    bot.post(f"{path}/toggle_priority", {"priority": None})
    bot.post(f"{path}/toggle_typing_status", {"typing_status": "on"})
    assert (
        bot.post(f"{path}/labels", {"labels": ["vip"]}) == bot.get(f"{path}/labels") == {"payload": ["vip"]}
    )
    assert bot.post(f"{path}/custom_attributes", {"custom_attributes": {"plan": "free"}})
    assert bot.post(f"{path}/assignments", {"assignee_id": cast.bo.id})["name"] == "Bo Agent"

    shown = bot.get(path)
    assert (shown["labels"], shown["custom_attributes"]) == (["vip"], {"plan": "free"})
    lines = api(cast.ada).get(f"{path}/messages")["payload"]
    assert [line["content"] for line in lines] == [
        "Robo set the priority to high",
        "Robo removed the priority",
        "Robo added vip",
        "Assigned to Bo Agent by Robo",
    ]


def test_a_bot_opens_a_conversation_and_has_it_first(api: Api, cast: Cast, robo: AgentBot) -> None:
    there = make_conversation(cast.inbox)
    given = {
        "source_id": there.contact_inbox.source_id,
        "status": "open",
        "message": {"content": "How was it?"},
    }

    made: Any = api(robo).post(f"/api/v1/accounts/{cast.acme.id}/conversations", given)

    assert made["status"] == "pending"
    assert made["messages"][0]["sender"]["type"] == "agent_bot"


def test_bots_of_other_accounts_cannot_be_spoken_for(api: Api, cast: Cast, path: str) -> None:
    theirs = make_bot(cast.other)
    said = api(cast.bo).post(
        f"{path}/messages", {"content": "Hi", "sender_type": "AgentBot", "sender_id": theirs.id}
    )

    assert said["sender"]["type"] == "user"
    assert (
        api(cast.bo).post(f"{path}/assignments", {"assignee_id": theirs.id, "assignee_type": "AgentBot"})
        is None
    )
