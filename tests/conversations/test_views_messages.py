"""Messages on the agents' pages: how they are written, shown, answered and found again."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.attaching import take_in
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import receive_message
from dashboard.extensions import db
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.desk import path
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.page import Page


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))


def png() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(made, "PNG")
    made.seek(0)
    return made


def test_marks_are_shown_as_they_are_meant_and_left_out_of_the_list(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    message = receive_message(conversation, content="The **blue** one, see https://example.com")
    page.sign_in(cast.bo)

    html = page.get(path(conversation))

    bubble = html.select_one(f"#message-{message.id} .bubble.prose")
    assert bubble.strong.text == "blue"
    assert bubble.a["href"] == "https://example.com"
    assert html.select_one(".row-text").text == "The blue one, see https://example.com"
    assert message.content == "The **blue** one, see https://example.com"


def test_a_message_of_an_older_version_is_read_when_it_is_shown(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    message = make_message(conversation, "It is *late*")
    assert message.html is None
    page.sign_in(cast.bo)

    assert page.get(path(conversation)).select_one(f"#message-{message.id} em").text == "late"


def test_of_a_deleted_message_nothing_is_kept(page: Page, cast: Cast, conversation: Conversation) -> None:
    message = post_message(conversation, content="a **secret**", author=cast.bo)
    page.sign_in(cast.bo)

    page.post(path(conversation, "messages", str(message.id), "deletion"))

    db.session.refresh(message)
    assert message.html is None
    assert "secret" not in page.get(path(conversation)).text


def test_files_are_sent_without_scripts_too(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    page.get(path(conversation))

    page.submit("form.composer", {"content": "", "attachments": (png(), "lamp.png")})
    html = page.follow()

    image = html.select_one(".message .picture img")
    assert (image["alt"], image["width"], image["height"]) == ("lamp.png", "40", "20")
    assert page.client.get(html.select_one(".message .picture")["href"]).mimetype == "image/png"
    assert html.select_one(".row-text").text == "You: Picture"
    html = page.submit("form.composer", {"content": " ", "attachments": (io.BytesIO(), "")}, expect=422)
    assert html.select_one(".composer [role=alert]").text == "Write something first."


def test_a_file_is_something_to_keep(page: Page, cast: Cast, conversation: Conversation) -> None:
    files = [
        take_in(io.BytesIO(b"hello"), name="notes.txt"),
        take_in(io.BytesIO(b"<script>alert(1)</script>" * 100), name="<b>x</b>.html"),
        take_in(io.BytesIO(b"ID3\x04"), name="call.mp3"),
        take_in(io.BytesIO(b"\0\0\0\x18ftypisom"), name="film.mp4"),
    ]
    receive_message(conversation, content="", attachments=files)
    page.sign_in(cast.bo)

    html = page.get(path(conversation))

    assert [file.text for file in html.select("a.file[download]")] == ["notes.txt5 bytes", "b>.html2.4 kB"]
    assert html.select_one("audio[controls]")["aria-label"] == "call.mp3"
    assert html.select_one("video[controls]")
    assert html.select_one(".row-text").text == "4 files"


def test_an_answer_shows_what_it_answers(
    page: Page, cast: Cast, conversation: Conversation, api: Callable[..., ApiClient]
) -> None:
    asked = receive_message(conversation, content="Is it **blue**?", source_id="ext-1")
    other = receive_message(make_conversation(cast.inbox), content="elsewhere")
    address = f"/api/v1{path(conversation, 'messages')}"
    page.sign_in(cast.bo)

    page.post(path(conversation, "messages"), {"content": "Yes", "in_reply_to": str(asked.id)})
    quote = page.follow().select(".message")[-1].select_one("a.quoted")
    assert (quote.text, quote["data-jump"]) == ("Maria SilvaIs it blue?", str(asked.id))

    both = {"in_reply_to": asked.id, "in_reply_to_external_id": "ext-1"}
    for given in ({"in_reply_to": str(asked.id)}, {"in_reply_to_external_id": "ext-1"}):
        sent = api(cast.bo).post(address, {"content": "x", "content_attributes": given})
        assert sent["content_attributes"] == both
    for nothing in (other.id, "abc", True, 2**70, None, {}):
        given = {"in_reply_to": nothing, "in_reply_to_external_id": 7, "kept": 1}
        sent = api(cast.bo).post(address, {"content": "x", "content_attributes": given})
        assert sent["content_attributes"] == {"kept": 1}


def test_an_address_leads_to_a_message_however_far_up(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    messages = make_messages(conversation, 120)
    page.sign_in(cast.bo)

    html = page.get(path(conversation) + f"?message={messages[20].id}")
    shown = [article["id"] for article in html.select(".message")]
    assert f"message-{messages[20].id}" in shown
    assert f"message-{messages[-1].id}" not in shown
    assert html.select_one(".thread")["data-wanted"] == str(messages[20].id)
    assert html.select_one(".stops-short a")["href"] == path(conversation)
    assert html.select_one("[name=after]")["value"] == str(messages[-1].id)

    for usual in (messages[-3].id, 10**9, "x"):
        html = page.get(path(conversation) + f"?message={usual}")
        assert html.select(".message")[-1]["id"] == f"message-{messages[-1].id}"
        assert not html.select(".stops-short")


@pytest.mark.parametrize(
    ("content_type", "attributes", "shown"),
    [
        ("input_select", {"items": [{"title": "Red", "value": "r"}]}, ["Red", "No answer yet"]),
        (
            "input_select",
            {"items": [{"title": "Red", "value": "r"}], "submitted_values": [{"title": "Red", "value": "r"}]},
            ["Red"],
        ),
        (
            "form",
            {
                "items": [{"name": "mail", "label": "Your e-mail", "type": "email"}],
                "submitted_values": [{"name": "mail", "value": "a@b.example"}],
            },
            ["Your e-mail", "a@b.example"],
        ),
        ("input_email", {}, ["Asks for the e-mail address.", "No answer yet"]),
        ("input_email", {"submitted_email": "a@b.example"}, ["a@b.example"]),
        (
            "cards",
            {
                "items": [
                    {
                        "title": "Lamp",
                        "description": "Oak",
                        "actions": [
                            {"type": "link", "text": "See", "uri": "https://e.example/"},
                            {"type": "link", "text": "Bad", "uri": "javascript:alert(1)"},
                            {"type": "postback", "text": "Buy", "payload": "b"},
                        ],
                    }
                ]
            },
            ["Lamp", "Oak", "See", "Bad", "Buy"],
        ),
        (
            "article",
            {"items": [{"title": "Help", "description": "me", "link": "data:text/html,x"}]},
            ["Help", "me"],
        ),
        ("article", {"items": [{"title": None, "link": 7}]}, []),
        ("input_csat", {"submitted_values": {"csat_survey_response": {"rating": 5}}}, ["5"]),
    ],
)
def test_what_is_more_than_text_is_shown(
    page: Page,
    cast: Cast,
    conversation: Conversation,
    content_type: str,
    attributes: dict[str, Any],
    shown: list[str],
) -> None:
    post_message(
        conversation, content="", author=cast.bo, content_type=content_type, content_attributes=attributes
    )
    page.sign_in(cast.bo)

    rich = page.get(path(conversation)).select_one(".rich")

    for words in shown:
        assert words in rich.text
    assert all(str(link["href"]).startswith("https://") for link in rich.select("a"))


def test_apps_are_told_of_files(page: Page, cast: Cast, conversation: Conversation) -> None:
    receive_message(conversation, content="", attachments=[take_in(png(), name="lamp.png")])
    page.sign_in(cast.bo)

    told = json.loads(page.get(path(conversation)).select_one("#app-context").text)["data"]["conversation"]

    assert told["messages"][-1]["attachments"][0]["file_type"] == "image"
    assert told["messages"][-1]["attachments"][0]["data_url"].startswith("http")
