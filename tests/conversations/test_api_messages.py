"""Messages over the API, in upstream's shapes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.queries import counted

Client = Any


@pytest.fixture
def one(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Zoe"))


@pytest.fixture
def where(cast: Cast, one: Conversation) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/conversations/{one.display_id}"


@pytest.fixture
def path(where: str) -> str:
    return f"{where}/messages"


@pytest.fixture
def bo(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.bo)


@pytest.mark.database
def test_what_a_program_sends_again_is_posted_once(bo: Client, path: str, api: Any, cast: Cast) -> None:
    sent = {"content": "On its way.", "echo_id": "3f0e6c1a-6f3e-4a53-9f4e-1f3f8a5f0c11"}

    first = bo.post(path, sent)
    others = [bo.post(path, {**sent, "private": True}), api(cast.ada).post(path, sent)]

    assert bo.post(path, sent) == first
    assert len({message["id"] for message in (first, *others)}) == 3
    assert [message["id"] for message in bo.get(path)["payload"]] == [
        message["id"] for message in (first, *others)
    ]


def texts(answer: Any) -> list[str]:
    return [message["content"] for message in answer["payload"]]


@pytest.mark.database
def test_an_answer_is_written(bo: Client, path: str, where: str, one: Conversation, cast: Cast) -> None:
    written = bo.post(path, {"content": "On its way.", "echo_id": "e1", "content_attributes": {"a": 1}})

    message = db.session.query(Message).one()
    assert written == {
        "id": message.id,
        "content": "On its way.",
        "inbox_id": cast.inbox.id,
        "conversation_id": one.display_id,
        "message_type": 1,
        "content_type": "text",
        "status": "sent",
        "content_attributes": {"a": 1},
        "created_at": clock.epoch(message.created_at),
        "private": False,
        "source_id": None,
        "echo_id": "e1",
        "sender": {
            "id": cast.bo.id,
            "name": "Bo Agent",
            "available_name": "Bo Agent",
            "avatar_url": "",
            "type": "user",
            "availability_status": written["sender"]["availability_status"],
            "thumbnail": "",
        },
    }
    assert bo.get(where)["first_reply_created_at"] > 0


def test_a_private_note_is_one(bo: Client, path: str) -> None:
    assert bo.post(path, {"content": "VIP", "private": True})["private"] is True
    assert bo.post(path, {"content": "VIP", "private": "false"})["private"] is False


def test_what_came_in_is_by_the_contact_and_reopens(
    bo: Client, path: str, where: str, one: Conversation
) -> None:
    bo.post(f"{where}/toggle_status", {"status": "resolved"})

    came = bo.post(path, {"content": "Hello?", "message_type": "incoming", "source_id": 99})

    assert (came["message_type"], came["source_id"]) == (0, "99")
    assert (came["sender"]["type"], came["sender"]["name"]) == ("contact", "Zoe")
    shown = bo.get(where)
    assert (shown["status"], shown["unread_count"]) == ("open", 1)


def test_what_a_muted_contact_writes_reopens_nothing(bo: Client, path: str, where: str) -> None:
    bo.post(f"{where}/mute")

    bo.post(path, {"content": "Hello?", "message_type": "incoming"})

    assert bo.get(where)["status"] == "resolved"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"content": "x" * 150_001}, "Content is too long (maximum is 150000 characters)"),
        ({"content": ["x"]}, "Content is invalid"),
        ({"content": "x", "message_type": "activity"}, "Message type is not included in the list"),
        ({"content": "x", "content_type": "hologram"}, "Content type is not included in the list"),
        ({"content": "x", "content_attributes": "nonsense"}, "Content attributes is invalid"),
        ({"content": "x", "content_type": "input_select"}, "Content attributes must have at least one item"),
        (
            {"content": "x", "content_type": "article", "content_attributes": {"items": [{"x": 1}]}},
            "Content attributes contains invalid keys for items",
        ),
    ],
)
def test_what_cannot_be_written_says_why(bo: Client, path: str, sent: dict[str, Any], error: str) -> None:
    answer = bo.post(path, sent, expect=422)

    assert answer["error"] == f"Validation failed: {error}"
    assert answer["errors"][0]["pointer"].startswith("/")
    assert db.session.query(Message).count() == 0


def test_a_message_may_be_empty_and_never_says_null(bo: Client, path: str) -> None:
    written = bo.post(path, {"content": None, "content_attributes": None, "private": None, "echo_id": None})

    assert (written["content"], written["content_attributes"], written["private"]) == ("", {}, False)
    assert "echo_id" not in written
    assert bo.post(path)["content"] == ""


def test_files_elsewhere_than_in_attachments_are_refused_with_a_sentence(bo: Client, path: str) -> None:
    answer = bo.client.post(
        path,
        data={"content": "See here", "picture": (BytesIO(b"x"), "x.png")},
        headers=bo.headers,
    )

    assert (answer.status_code, answer.json) == (
        422,
        {"error": "Files can only be sent with a message, as attachments[]"},
    )
    assert db.session.query(Message).count() == 0


def test_a_form_is_understood(bo: Client, path: str) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = {
            "content": "Hi",
            "private": "false",
            "message_type": "incoming",
            "content_attributes": '{"a": 1}',
        }
        written = bo.client.post(path, data=form, content_type=kind, headers=bo.headers).json
        assert (written["private"], written["message_type"]) == (False, 0)
        assert written["content_attributes"] == {"a": 1}


def test_the_last_twenty_are_listed_the_oldest_first(
    bo: Client, path: str, one: Conversation, cast: Cast
) -> None:
    made = make_messages(one, 130)
    last, first = made[-1].id, made[0].id

    assert texts(bo.get(path)) == [f"Message {number}" for number in range(111, 131)]
    assert texts(bo.get(f"{path}?before={made[110].id}")) == [
        f"Message {number}" for number in range(91, 111)
    ]
    assert texts(bo.get(f"{path}?after={first}")) == [f"Message {number}" for number in range(2, 102)]
    between = bo.get(f"{path}?after={first}&before={last}")
    assert texts(between) == [f"Message {number}" for number in range(1, 130)]
    assert (
        texts(bo.get(f"{path}?before=1{'0' * 30}"))
        == texts(bo.get(f"{path}?before=x"))
        == texts(bo.get(path))
    )


def test_beside_the_messages_stands_whose_they_are(
    bo: Client, path: str, where: str, one: Conversation, cast: Cast
) -> None:
    bo.post(f"{where}/labels", {"labels": ["vip"]})
    bo.post(f"{where}/assignments", {"assignee_id": cast.bo.id})

    meta = bo.get(path)["meta"]

    assert meta["labels"] == ["vip"]
    assert meta["contact"]["name"] == "Zoe"
    assert meta["assignee"]["name"] == "Bo Agent"
    assert "email" not in meta["assignee"]
    assert meta["agent_last_seen_at"] is None
    bo.post(path, {"content": "Hello?", "message_type": "incoming"})
    bo.post(f"{where}/update_last_seen")
    assert bo.get(path)["meta"]["agent_last_seen_at"].endswith("Z")


def test_notes_and_lines_can_be_left_out(bo: Client, path: str, one: Conversation) -> None:
    make_message(one, "said")
    make_message(one, "note", message_type="outgoing", private=True)
    make_message(one, "line", message_type="activity")

    assert texts(bo.get(path)) == ["said", "note", "line"]
    assert texts(bo.get(f"{path}?filter_internal_messages=true")) == ["said"]


def test_a_deleted_message_leaves_a_sentence(bo: Client, path: str, one: Conversation) -> None:
    message = make_message(one, content_attributes={"secret": 1})

    deleted = bo.delete(f"{path}/{message.id}")

    assert (deleted["content"], deleted["content_attributes"]) == (
        "This message was deleted",
        {"deleted": True},
    )
    assert texts(bo.get(path)) == ["This message was deleted"]


def test_a_message_of_another_conversation_is_not_found(bo: Client, path: str, cast: Cast) -> None:
    message = make_message(make_conversation(cast.inbox))

    bo.delete(f"{path}/{message.id}", expect=404)


def test_a_thread_asks_as_often_for_many_as_for_few(
    bo: Client, path: str, one: Conversation, cast: Cast
) -> None:
    def ask() -> int:
        with counted() as queries:
            bo.get(path)
        return queries.number

    make_message(one, message_type="outgoing", sender_user_id=cast.bo.id)
    ask()  # who is there, and how, is kept for a while
    few = ask()
    for _ in range(5):
        make_message(one)
        make_message(one, message_type="outgoing", sender_user_id=cast.ada.id)

    assert ask() == few <= 3


def test_a_template_is_an_answer(bo: Client, cast: Cast, path: str) -> None:
    message = bo.post(path, {"content": "Your parcel is here", "message_type": "template"})

    assert (message["message_type"], message["sender"]["id"]) == (3, cast.bo.id)
