"""The bot among the examples, before a desk that only listens: whom it believes, and what it leaves alone."""

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from dashboard.config import CHECKOUT
from dashboard.lib.signatures import signature
from tests.support.receivers import Receiver
from tests.support.receivers import receiving

EXAMPLES = CHECKOUT / "examples"
HERE = "/api/v1/accounts/3/conversations/12"
PENDING = {"status": "pending", "custom_attributes": {"plan": "gold"}, "meta": {"sender": {"name": "Zoe"}}}


@pytest.fixture
def its_desk() -> Iterator[Receiver]:
    with receiving() as found:
        found.body = json.dumps(PENDING).encode()
        yield found


@pytest.fixture
def bot(its_desk: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("DESK", its_desk.url(""))
    monkeypatch.setenv("TOKEN", "the bot's token")
    monkeypatch.setenv("SECRET", "secret")
    monkeypatch.syspath_prepend(EXAMPLES / "bot")
    spec = importlib.util.spec_from_file_location("example_bot", EXAMPLES / "bot" / "app.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    module.hands.shutdown()
    del sys.modules["verify"]


@pytest.fixture
def tell(bot: Any) -> Callable[..., int]:
    """`tell(event, secret="…")`: what it answers, once it has done what there was to do."""
    client: FlaskClient = bot.app.test_client()

    def told(event: dict[str, Any], *, delivery: str = "", secret: str = "secret", at: float = 0) -> int:
        body, now = json.dumps(event).encode(), int(at or time.time())
        headers = {
            "X-Chatwoot-Delivery": delivery or str(uuid4()),
            "X-Chatwoot-Timestamp": str(now),
            "X-Chatwoot-Signature": signature(secret, now, body),
        }
        status = client.post("/", data=body, headers=headers, content_type="application/json").status_code
        bot.hands.submit(int).result()
        return status

    return told


def message(content: str | None = "Hello?", *, status: str = "pending", **changes: Any) -> dict[str, Any]:
    return {
        "event": "message_created",
        "id": 7,
        "account": {"id": 3},
        "conversation": {"id": 12, "status": status},
        "content": content,
        "content_attributes": {},
        "message_type": "incoming",
        "private": False,
        **changes,
    }


def said(desk: Receiver) -> list[tuple[str, Any]]:
    """What it asked of the desk, without looking how the conversation stands."""
    return [(each.path.removeprefix(HERE), json.loads(each.body)) for each in desk.received if each.body]


def test_it_greets_asks_and_keeps_in_mind_that_it_did(tell: Callable[..., int], its_desk: Receiver) -> None:
    assert tell(message()) == 204

    (where, question), (keeping, kept) = said(its_desk)
    assert (where, question["content_type"]) == ("/messages", "input_select")
    assert question["content"].startswith("Hello Zoe! ")
    choices = [item["value"] for item in question["content_attributes"]["items"]]
    assert choices == ["delivery", "returns", "person"]
    assert (keeping, kept["custom_attributes"]) == ("/custom_attributes", {"plan": "gold", "greeted": True})
    assert {each.headers["api_access_token"] for each in its_desk.received} == {"the bot's token"}


@pytest.mark.parametrize(
    ("asked", "title"),
    [("When is my parcel there?", "Two to three working days"), ("I want a REFUND!", "Free of charge")],
)
def test_two_questions_are_answered_with_cards(
    tell: Callable[..., int], its_desk: Receiver, asked: str, title: str
) -> None:
    tell(message(asked))

    answer = said(its_desk)[0][1]
    assert answer["content_type"] == "cards"
    assert answer["content_attributes"]["items"][0]["title"].startswith(title)


@pytest.mark.parametrize("content", ["Is a human there?", "What is the meaning of life?", "", None])
def test_it_hands_over_who_asks_for_a_person_or_what_it_does_not_know(
    tell: Callable[..., int], its_desk: Receiver, content: str | None
) -> None:
    its_desk.body = json.dumps({**PENDING, "custom_attributes": {"greeted": True}}).encode()

    tell(message(content))

    assert [where for where, _ in said(its_desk)] == ["/messages", "/toggle_status"]
    assert said(its_desk)[-1][1] == {"status": "open"}


def test_a_choice_is_an_answer_and_counts_once(tell: Callable[..., int], its_desk: Receiver) -> None:
    chosen = {"submitted_values": [{"title": "Sending something back", "value": "returns"}]}
    event = message(
        "What is it about?", event="message_updated", message_type="outgoing", content_attributes=chosen
    )

    tell(event)
    tell({**event, "status": "read"})

    assert [body["content_type"] for where, body in said(its_desk) if where == "/messages"] == ["cards"]


def test_what_comes_twice_is_answered_once(tell: Callable[..., int], its_desk: Receiver) -> None:
    delivery = str(uuid4())

    assert [tell(message("parcel"), delivery=delivery) for _ in range(2)] == [204, 204]

    assert [where for where, _ in said(its_desk)].count("/messages") == 1


@pytest.mark.parametrize(
    "event",
    [
        message(status="open"),
        message(private=True),
        message(message_type="outgoing"),
        message(event="message_updated"),
        {"event": "conversation_resolved", "account": {"id": 3}, "id": 12, "status": "pending"},
        {"event": "webwidget_triggered", "account": {"id": 3}, "id": 5, "current_conversation": None},
    ],
    ids=["of people", "a note", "its own", "changed", "resolved", "opened"],
)
def test_it_leaves_alone_what_is_not_for_it(
    tell: Callable[..., int], its_desk: Receiver, event: dict[str, Any]
) -> None:
    assert tell(event) == 204
    assert its_desk.received == []


def test_it_says_nothing_where_a_person_was_quicker(tell: Callable[..., int], its_desk: Receiver) -> None:
    its_desk.body = json.dumps({**PENDING, "status": "open"}).encode()

    tell(message())

    assert said(its_desk) == []


def test_people_take_over_when_it_fails(tell: Callable[..., int], its_desk: Receiver) -> None:
    its_desk.body = b"{}"

    assert tell(message()) == 204

    assert said(its_desk) == [("/toggle_status", {"status": "open"})]


def test_it_believes_nobody_but_its_desk(tell: Callable[..., int], its_desk: Receiver) -> None:
    assert tell(message(), secret="another") == 401
    assert tell(message(), at=time.time() - 400) == 401
    assert its_desk.received == []


def test_it_checks_what_it_is_sent_as_the_receivers_do() -> None:
    ours, theirs = (EXAMPLES / place / "verify.py" for place in ("bot", "webhooks/flask"))

    assert ours.read_bytes() == theirs.read_bytes()
