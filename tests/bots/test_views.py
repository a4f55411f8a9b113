"""Settings → Bots, and the bot of an inbox: what administrators see of them and change."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from dashboard.bots.models import AgentBot
from dashboard.bots.queries import bots_of
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from dashboard.webhooks.models import Endpoint
from tests.support.cast import Cast
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page

BOTS = "/accounts/{account}/settings/bots"
DOORS = [
    ("GET", BOTS),
    ("GET", f"{BOTS}/new"),
    ("POST", f"{BOTS}/new"),
    ("GET", f"{BOTS}/1/ready"),
    ("POST", f"{BOTS}/1"),
    ("POST", f"{BOTS}/1/secret"),
    ("POST", f"{BOTS}/1/token"),
    ("POST", f"{BOTS}/1/removal"),
    ("POST", "/accounts/{account}/settings/inboxes/{inbox}/bot"),
]
FORM = "main form.panel"
TYPED = {
    "name": " Orders bot ",
    "description": "Knows where parcels are",
    "outgoing_url": "https://bots.example.com/orders",
}


@pytest.fixture
def bots_path(page: Page, cast: Cast) -> str:
    page.sign_in(cast.ada)
    return BOTS.format(account=cast.acme.id)


@pytest.fixture
def robo(cast: Cast) -> AgentBot:
    return make_bot(cast.acme, inbox=cast.inbox, outgoing_url="https://bots.example.com/")


def png() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(made, "PNG")
    made.seek(0)
    return made


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_every_door_asks_who_is_there(page: Page, cast: Cast, method: str, path: str) -> None:
    ask_the_ladder(page, cast, method, path)


def test_a_desk_without_bots_explains_them(page: Page, bots_path: str) -> None:
    html = page.get(bots_path)

    assert "No bots yet" in html.select_one(".empty").text
    assert html.select_one(".empty a")["href"] == f"{bots_path}/new"
    assert html.select_one(".settings-menu [aria-current]").text == "Bots"


def test_a_bot_is_added_and_shows_its_keys(page: Page, cast: Cast, bots_path: str) -> None:
    page.get(f"{bots_path}/new")
    page.submit(FORM, {**TYPED, "avatar": (png(), "face.png")})
    html = page.follow()

    [bot] = bots_of(cast.acme.id)
    assert (bot.name, bot.outgoing_url) == ("Orders bot", TYPED["outgoing_url"])
    assert bot.avatar_key
    assert html.select_one("#secret[type=text]")["value"] == bot.secret
    assert html.select_one("#token[type=text]")["value"] == bot.token
    assert page.response is not None
    assert page.response.headers["Cache-Control"] == "no-store"
    row = page.get(bots_path).select_one(f"#bot-{bot.id}")
    assert row.select_one("img")["src"].startswith("/files/pictures/")
    assert "Orders bot Knows where parcels are https://bots.example.com/orders None yet" in words(row)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " "}, "name", "Fill this in."),
        ({"outgoing_url": ""}, "outgoing_url", "Fill this in."),
        ({"outgoing_url": "ftp://a.example/"}, "outgoing_url", "start with http:// or https://"),
        ({"outgoing_url": "https://a.example/{{contact.id}}"}, "outgoing_url", "no placeholders"),
        ({"name": "x" * 256}, "name", "255"),
        ({"avatar": (io.BytesIO(b"no picture"), "face.png")}, "avatar", "not a picture"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(
    page: Page, cast: Cast, bots_path: str, typed: dict[str, object], field: str, sentence: str
) -> None:
    page.get(f"{bots_path}/new")
    html = page.submit(FORM, {**TYPED, **typed}, expect=422)

    assert sentence in html.select_one(f"#{field}-error").text
    assert html.select_one("#description").text.strip() == TYPED["description"]
    assert bots_of(cast.acme.id) == []


def test_a_bot_is_changed_and_its_keys_are_hidden_until_asked_for(
    page: Page, bots_path: str, robo: AgentBot
) -> None:
    html = page.get(f"{bots_path}/{robo.id}")
    assert html.select_one("#secret[type=password]")["value"] == robo.secret
    assert html.select_one("#token[type=password]")["value"] == robo.token
    assert "Website This bot" in words(html.select_one(".bot-inboxes"))
    page.submit(FORM, {**TYPED, "avatar": (png(), "face.png")})
    assert robo.name == "Orders bot" and robo.avatar_key

    page.get(f"{bots_path}/{robo.id}")
    page.submit(FORM, {"without_picture": "y"})

    assert robo.name == "Orders bot" and robo.avatar_key is None


@pytest.mark.parametrize("key", ["secret", "token"])
def test_a_key_is_replaced_after_a_question(page: Page, bots_path: str, robo: AgentBot, key: str) -> None:
    before = {"secret": robo.secret, "token": robo.token}

    html = page.get(f"{bots_path}/{robo.id}/{key}")
    assert "Robo?" in html.select_one("h1").text
    assert getattr(robo, key) == before[key]
    page.submit("form.confirm")

    after = {"secret": robo.secret, "token": robo.token}
    assert [name for name in after if after[name] != before[name]] == [key]


def test_deleting_says_first_what_becomes_of_inboxes_and_conversations(
    page: Page, cast: Cast, bots_path: str, robo: AgentBot
) -> None:
    waiting = make_conversation(cast.inbox, status="pending")
    said = make_message(waiting, "Hello!", message_type="outgoing", sender_bot_id=robo.id)
    make_conversation(cast.inbox)

    question = page.get(f"{bots_path}/{robo.id}/removal").select_one(".confirm").text
    assert "New conversations in Website are open for your team" in question
    assert "1 conversation that waits there stays pending" in question
    page.submit("form.confirm")

    assert bots_of(cast.acme.id) == []
    assert db.session.get_one(Inbox, cast.inbox.id).agent_bot_id is None
    assert db.session.get_one(Conversation, waiting.id).status == "pending"
    assert db.session.get_one(Message, said.id).content == "Hello!"


def test_a_bot_of_another_account_does_not_exist(page: Page, cast: Cast, bots_path: str) -> None:
    other = make_bot(cast.other)

    for path in ("", "/ready", "/secret", "/token", "/removal"):
        page.get(f"{bots_path}/{other.id}{path}", expect=404)
    address = f"/accounts/{cast.acme.id}/settings/inboxes/{cast.inbox.id}"
    html = page.post(f"{address}/bot", {"bot": other.id}, expect=422)

    assert "no longer" in html.text or html.select_one("a[href$='/settings/bots/new']")
    assert db.session.get_one(Inbox, cast.inbox.id).agent_bot_id is None


def test_an_inbox_gets_a_bot_and_lets_go_of_it(page: Page, cast: Cast, bots_path: str) -> None:
    address = f"/accounts/{cast.acme.id}/settings/inboxes/{cast.inbox.id}"
    assert page.get(address).select_one(f"section a[href='{bots_path}/new']")
    bot = make_bot(cast.acme)

    page.get(address)
    page.submit(f"form[action='{address}/bot']", {"bot": bot.id})
    assert cast.inbox.agent_bot_id == bot.id
    html = page.follow()
    assert "Robo answers first in Website now." in html.text
    assert html.select_one("#bot [selected]").text == "Robo"
    assert re.search("new conversation is pending", html.select_one("section:has(#bot-title)").text)

    page.submit("#no-bot")
    assert db.session.get_one(Inbox, cast.inbox.id).agent_bot_id is None


def test_a_bot_that_is_not_reached_says_so(page: Page, bots_path: str, robo: AgentBot) -> None:
    since = clock.now() - timedelta(hours=2)
    health = {"kind": "bot", "bot_id": robo.id, "failures": 3, "failing_since": since}
    endpoint = Endpoint(account_id=robo.account_id, **health)
    db.session.add(endpoint)

    assert "Not reached since" in page.get(bots_path).select_one(f"#bot-{robo.id} .badge").text
    assert "has arrived since" in page.get(f"{bots_path}/{robo.id}").select_one(".notice").text

    endpoint.failures = 2
    assert not page.get(bots_path).select_one(f"#bot-{robo.id} .badge")


def words(part) -> str:  # type: ignore[no-untyped-def]
    return " ".join(part.get_text(" ").split())
