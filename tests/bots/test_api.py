"""Bots over the API, in upstream's shapes: administrators have them, everybody sees them."""

import io
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from dashboard.bots.models import AgentBot
from dashboard.bots.operations import ask_for_bot_picture
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import remove_files
from dashboard.conversations.operations.routing import change_status
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import outgoing
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from tests.support.apps import ApiClient
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.receivers import receiving

Api = Callable[..., ApiClient]
FOR_ALL = {
    "id", "name", "description", "thumbnail", "outgoing_url", "bot_type", "bot_config", "account_id",
    "system_bot",
}  # fmt: skip
GIVEN = {
    "name": "Robo",
    "description": "Says hello",
    "outgoing_url": "https://bot.example.com/events",
    "bot_type": "webhook",
    "bot_config": {"greeting": "Hi"},
}


def doors(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/accounts/{cast.acme.id}/agent_bots{rest}"


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(made, "PNG")
    return made.getvalue()


def local(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def test_a_bot_lives_from_its_making_to_its_end(api: Api, cast: Cast) -> None:
    ada = api(cast.ada)

    made = ada.post(doors(cast), GIVEN)
    assert {name: made[name] for name in GIVEN} == GIVEN
    assert set(made) == FOR_ALL | {"access_token", "secret"}
    assert (made["account_id"], made["system_bot"], made["thumbnail"]) == (cast.acme.id, False, "")
    assert ada.get(doors(cast)) == [made]
    assert ada.get(doors(cast, f"/{made['id']}")) == made

    changed = ada.patch(doors(cast, f"/{made['id']}"), {"name": "Bobo", "outgoing_url": None})
    assert changed == {**made, "name": "Bobo", "outgoing_url": ""}

    ada.delete(doors(cast, f"/{made['id']}"))
    assert ada.get(doors(cast)) == []
    ada.get(doors(cast, f"/{made['id']}"), expect=404)


def test_agents_see_bots_but_not_their_keys(api: Api, cast: Cast) -> None:
    bot = make_bot(cast.acme)
    bo, one = api(cast.bo), doors(cast, f"/{bot.id}")

    assert set(bo.get(one)) == FOR_ALL
    assert [set(each) for each in bo.get(doors(cast))] == [FOR_ALL]
    for method, path in (
        ("POST", doors(cast)),
        ("PATCH", one),
        ("DELETE", one),
        ("DELETE", f"{one}/avatar"),
        ("POST", f"{one}/reset_access_token"),
        ("POST", f"{one}/reset_secret"),
    ):
        bo.send(method, path, {}, expect=401)


def test_bots_of_other_accounts_are_not_there(api: Api, cast: Cast) -> None:
    theirs = make_bot(cast.other)

    assert api(cast.ada).get(doors(cast)) == []
    api(cast.ada).get(doors(cast, f"/{theirs.id}"), expect=404)
    api(cast.ada).patch(doors(cast, f"/{theirs.id}"), {"name": "Mine"}, expect=404)
    api(cast.eve).get(doors(cast), expect=401)
    api().get(doors(cast), expect=401)


def test_both_keys_can_be_replaced(api: Api, cast: Cast) -> None:
    ada = api(cast.ada)
    made = ada.post(doors(cast), GIVEN)

    other_token = ada.post(doors(cast, f"/{made['id']}/reset_access_token"))
    other_secret = ada.post(doors(cast, f"/{made['id']}/reset_secret"))

    assert other_token["access_token"] != made["access_token"]
    assert other_token["secret"] == made["secret"]
    assert other_secret["secret"] != made["secret"]
    assert other_secret["access_token"] == other_token["access_token"]


@pytest.mark.parametrize(
    ("given", "attribute"),
    [
        ({"name": "x" * 256}, "name"),
        ({"description": "x" * 20_001}, "description"),
        ({"outgoing_url": "https://" + "x" * 2048}, "outgoing_url"),
        ({"bot_type": "csml"}, "bot_type"),
        ({"bot_config": []}, "bot_config"),
    ],
)
def test_what_cannot_be_used_is_told(api: Api, cast: Cast, given: dict[str, Any], attribute: str) -> None:
    assert api(cast.ada).post(doors(cast), given, expect=422)["attributes"] == [attribute]
    assert db.session.query(AgentBot).count() == 0


def test_a_picture_is_sent_and_taken_away(app: Flask, api: Api, cast: Cast, jobs: Jobs) -> None:
    ada, bot = api(cast.ada), make_bot(cast.acme)
    sent = {"name": "Robo", "avatar": (io.BytesIO(png()), "robo.png")}

    answer = ada.client.patch(doors(cast, f"/{bot.id}"), data=sent, headers=ada.headers)

    thumbnail = answer.json["thumbnail"]
    assert app.test_client().get(local(thumbnail)).mimetype == "image/webp"
    remove_files([bot.avatar_key])
    assert app.test_client().get(local(thumbnail)).status_code == 200
    assert ada.delete(doors(cast, f"/{bot.id}/avatar"))["thumbnail"] == ""
    jobs.run_all()
    assert app.test_client().get(local(thumbnail)).status_code == 404


def test_the_picture_at_an_address_is_fetched_by_a_job(api: Api, cast: Cast, jobs: Jobs) -> None:
    outgoing.allow((ip_network("127.0.0.0/8"),))
    with receiving() as receiver:
        receiver.body = png()
        made = api(cast.ada).post(doors(cast), {**GIVEN, "avatar_url": receiver.url()})
        assert made["thumbnail"] == ""
        jobs.run_all()
        assert api(cast.bo).get(doors(cast, f"/{made['id']}"))["thumbnail"]

        bot = db.session.get_one(AgentBot, made["id"])
        ask_for_bot_picture(bot, url=receiver.url())
        api(cast.ada).delete(doors(cast, f"/{bot.id}"))
        jobs.run_all()


def test_a_bot_is_connected_to_an_inbox_and_leaves_it(api: Api, cast: Cast) -> None:
    ada, bot = api(cast.ada), make_bot(cast.acme)
    inbox = f"/api/v1/accounts/{cast.acme.id}/inboxes/{cast.inbox.id}"

    assert ada.get(f"{inbox}/agent_bot") == {}
    assert ada.post(f"{inbox}/set_agent_bot", {"agent_bot": bot.id}) is None
    assert ada.get(f"{inbox}/agent_bot")["agent_bot"] == ada.get(doors(cast, f"/{bot.id}"))
    assert set(api(cast.bo).get(f"{inbox}/agent_bot")["agent_bot"]) == FOR_ALL

    ada.post(f"{inbox}/set_agent_bot", {"agent_bot": make_bot(cast.other).id}, expect=404)
    api(cast.bo).post(f"{inbox}/set_agent_bot", {"agent_bot": None}, expect=401)
    assert ada.get(f"{inbox}/agent_bot")["agent_bot"]["id"] == bot.id

    ada.post(f"{inbox}/set_agent_bot", {"agent_bot": None})
    assert api(cast.bo).get(f"{inbox}/agent_bot") == {}
    api(cast.cy).get(f"{inbox}/agent_bot", expect=401)


def test_everything_lets_go_of_a_bot_that_is_deleted(api: Api, cast: Cast, jobs: Jobs) -> None:
    bot = make_bot(cast.acme, inbox=cast.inbox, outgoing_url="https://bot.example.com/")
    conversation = make_conversation(cast.inbox, assignee_bot_id=bot.id)
    message = make_message(conversation, "Hello!", message_type="outgoing", sender_bot_id=bot.id)
    ids = conversation.id, message.id
    change_status(conversation, to="resolved", actor=cast.bo)
    assert db.session.scalar(select(Delivery.id))

    api(cast.ada).delete(doors(cast, f"/{bot.id}"))

    db.session.expire_all()
    assert db.session.get_one(Inbox, cast.inbox.id).agent_bot_id is None
    assert db.session.get_one(Conversation, ids[0]).assignee_bot_id is None
    kept = db.session.get_one(Message, ids[1])
    assert (kept.content, kept.sender_bot_id) == ("Hello!", None)
    jobs.run_all()
    assert db.session.scalar(select(Delivery.id)) is None
    assert db.session.scalar(select(Endpoint.id)) is None
