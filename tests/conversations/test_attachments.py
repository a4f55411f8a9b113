"""Files of messages: taken in, told, fetched, shown, and forgotten with what they belong to."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from dashboard.conversations.jobs import sweep_files
from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import LARGEST_FILE
from dashboard.conversations.operations.attaching import take_in
from dashboard.conversations.operations.attaching import ticket_for
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.routing import delete_conversation
from dashboard.extensions import db
from dashboard.inboxes.operations import delete_inbox
from dashboard.lib import clock
from tests.support.apps import ApiClient
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.page import Page


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))


@pytest.fixture
def bo(api: Callable[..., ApiClient], cast: Cast) -> ApiClient:
    return api(cast.bo)


def api_path(conversation: Conversation, *rest: str) -> str:
    start = f"/api/v1/accounts/{conversation.account_id}/conversations/{conversation.display_id}"
    return "/".join((start, *rest))


def page_path(conversation: Conversation, *rest: str) -> str:
    start = f"/accounts/{conversation.account_id}/conversations/{conversation.display_id}"
    return "/".join((start, *rest))


def png(width: int = 1200, height: int = 600) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, "PNG")
    made.seek(0)
    return made


def send(bo: ApiClient, conversation: Conversation, **fields: Any) -> TestResponse:
    return bo.client.post(api_path(conversation, "messages"), data=fields, headers=bo.headers)


def local(url: str) -> str:
    return url.partition("://")[2].partition("/")[1:][0] + url.partition("://")[2].partition("/")[2]


def stored(app: Flask) -> list[str]:
    folder: Path = app.config["DESK"].uploads_dir
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def _nothing_stored_yet(app: Flask) -> None:
    for path in app.config["DESK"].uploads_dir.rglob("*"):
        if path.is_file():
            path.unlink()


def test_files_are_sent_with_a_message_and_told_with_it(bo: ApiClient, conversation: Conversation) -> None:
    answer = send(
        bo,
        conversation,
        content="See here",
        **{"attachments[]": [(png(), "lamp.png"), (io.BytesIO(b"%PDF-1.7"), "Rechnung Nº1.pdf")]},
    )

    assert answer.status_code == 200, answer.text
    image, invoice = answer.json["attachments"]
    assert (image["file_type"], image["width"], image["height"]) == ("image", 1200, 600)
    assert (image["message_id"], image["account_id"]) == (answer.json["id"], conversation.account_id)
    assert (image["extension"], image["content_type"]) == ("png", "image/png")
    assert image["thumb_url"].startswith(image["data_url"])
    assert (invoice["file_type"], invoice["file_size"], invoice["thumb_url"]) == ("file", 8, "")

    listed = bo.get(api_path(conversation, "messages"))["payload"][-1]
    assert listed["attachments"] == answer.json["attachments"]
    assert bo.get(api_path(conversation))["messages"][0]["attachments"] == answer.json["attachments"]
    assert "attachments" not in bo.post(api_path(conversation, "messages"), {"content": "none"})
    files = bo.get(api_path(conversation, "attachments"))
    assert files["meta"] == {"total_count": 2}
    assert [file["extension"] for file in files["payload"]] == ["pdf", "png"]
    assert files["payload"][0]["sender"]["name"] == "Bo Agent"


def test_the_files_of_a_contact_are_those_that_one_may_see(
    api: Callable[..., ApiClient], bo: ApiClient, conversation: Conversation, cast: Cast
) -> None:
    elsewhere = make_conversation(make_inbox(cast.acme), contact=conversation.contact)
    for each, name in ((conversation, "a.txt"), (elsewhere, "b.txt"), (conversation, "c.txt")):
        assert send(api(cast.ada), each, **{"attachments[]": (io.BytesIO(b"x"), name)}).status_code == 200
    path = f"/api/v1/accounts/{cast.acme.id}/contacts/{conversation.contact_id}/attachments"

    def told(client: ApiClient) -> tuple[int, list[int]]:
        answer = client.get(path)
        return answer["meta"]["total_count"], [file["conversation_id"] for file in answer["payload"]]

    here, there = conversation.display_id, elsewhere.display_id
    assert told(api(cast.ada)) == (3, [here, there, here])
    assert told(bo) == (2, [here, here])
    assert told(api(cast.cy)) == (0, [])
    api(cast.eve).get(path, expect=401)


def test_an_address_in_a_message_needs_no_session_and_runs_nothing(
    app: Flask, bo: ApiClient, conversation: Conversation
) -> None:
    page = b"<html><script>alert(1)</script>"
    answer = send(bo, conversation, **{"attachments[]": (io.BytesIO(page), "x é.html")})
    address = answer.json["attachments"][0]["data_url"]

    fetched = app.test_client().get(local(address))

    assert (fetched.status_code, fetched.data) == (200, page)
    assert fetched.headers["Content-Type"].startswith("text/plain")
    assert fetched.headers["Content-Disposition"] == "attachment; filename*=UTF-8''x%20%C3%A9.html"
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert app.test_client().get(local(address).replace("/files/", "/files/x")).status_code == 404


def test_an_address_stays_the_same_for_months_and_ends(
    app: Flask, bo: ApiClient, conversation: Conversation
) -> None:
    send(bo, conversation, **{"attachments[]": (png(), "a.png")})

    def address() -> str:
        return str(bo.get(api_path(conversation, "messages"))["payload"][-1]["attachments"][0]["data_url"])

    first = address()
    clock.shift(timedelta(days=1))
    assert address() == first or clock.now().day  # a period may have ended just now
    clock.shift(timedelta(days=89))
    assert app.test_client().get(local(first)).status_code == 200
    clock.shift(timedelta(days=181))
    assert app.test_client().get(local(first)).status_code == 404
    assert app.test_client().get(local(address())).status_code == 200


def test_a_picture_gets_a_small_one(
    app: Flask, bo: ApiClient, conversation: Conversation, jobs: Jobs
) -> None:
    answer = send(bo, conversation, **{"attachments[]": (png(), "a.png")})
    address = local(answer.json["attachments"][0]["thumb_url"])
    assert app.test_client().get(address).mimetype == "image/png"

    jobs.run_all()

    small = app.test_client().get(address)
    assert small.mimetype == "image/webp"
    assert Image.open(io.BytesIO(small.data)).size == (640, 320)


def test_a_damaged_picture_is_a_file_without_one(
    bo: ApiClient, conversation: Conversation, jobs: Jobs
) -> None:
    answer = send(bo, conversation, **{"attachments[]": (io.BytesIO(png().getvalue()[:200]), "a.png")})

    jobs.run_all()

    assert answer.json["attachments"][0]["file_type"] == "image"
    assert not db.session.query(Attachment).one().has_thumbnail


def test_what_cannot_be_sent_leaves_no_file(app: Flask, bo: ApiClient, conversation: Conversation) -> None:
    many = [(io.BytesIO(b"x"), f"{number}.txt") for number in range(16)]
    large = io.BytesIO(bytes(LARGEST_FILE + 1))

    for fields, sentence in (
        ({"attachments[]": many}, "Validation failed: Attachments exceeded maximum allowed"),
        (
            {"attachments[]": [(png(), "a.png"), (large, "b")]},
            "Validation failed: Attachments may have at most 40 MB",
        ),
        (
            {"attachments[]": (png(), "a.png"), "content": "x" * 150_001},
            "Validation failed: Content is too long",
        ),
        ({"attachments[]": "forged"}, "Validation failed: Attachments are no files of this desk"),
    ):
        answer = send(bo, conversation, **fields)
        assert answer.status_code == 422
        assert answer.json["error"].startswith(sentence)
    assert stored(app) == []
    assert db.session.query(Message).count() == 0


def test_a_file_may_be_here_before_its_message(
    page: Page, cast: Cast, conversation: Conversation, bo: ApiClient
) -> None:
    page.sign_in(cast.bo)
    page.post(page_path(conversation, "uploads"), {"file": (png(), "a.png")}, expect=200)
    ticket = page.response.json["ticket"]

    answer = send(bo, conversation, **{"attachments[]": ticket})
    assert answer.json["attachments"][0]["width"] == 1200
    assert bo.post(api_path(conversation, "messages"), {"attachments": [ticket]})["attachments"]

    clock.shift(timedelta(hours=25))
    assert send(bo, conversation, **{"attachments[]": ticket}).status_code == 422
    page.post(page_path(conversation, "uploads"), {}, expect=422)


def test_a_ticket_is_worth_nothing_elsewhere(api: Callable[..., ApiClient], cast: Cast) -> None:
    upload = take_in(io.BytesIO(b"x"), name="a.txt")
    own, other = (ticket_for(upload, account_id=account.id) for account in (cast.acme, cast.other))
    conversation = make_conversation(cast.inbox)

    assert api(cast.bo).post(api_path(conversation, "messages"), {"attachments": [other]}, expect=422)
    assert api(cast.bo).post(api_path(conversation, "messages"), {"attachments": [own]})


def test_who_does_not_work_in_the_inbox_gets_no_file(
    page: Page, cast: Cast, conversation: Conversation, bo: ApiClient
) -> None:
    answer = send(bo, conversation, **{"attachments[]": (png(), "a.png")})
    address = page_path(conversation, "attachments", str(answer.json["attachments"][0]["id"]), "a.png")

    assert page.client.get(address).status_code == 302
    for person, status in ((cast.ada, 200), (cast.bo, 200), (cast.cy, 404), (cast.eve, 404)):
        page.sign_in(person)
        assert page.client.get(address).status_code == status
    other = make_conversation(cast.inbox)
    page.sign_in(cast.bo)
    page.get(address.replace(f"/{conversation.display_id}/", f"/{other.display_id}/"), expect=404)


def delete_its_message(conversation: Conversation, cast: Cast, bo: ApiClient) -> None:
    message = db.session.query(Message).one()
    assert "attachments" not in bo.delete(api_path(conversation, "messages", str(message.id)))


def delete_it(conversation: Conversation, cast: Cast, bo: ApiClient) -> None:
    delete_conversation(conversation, actor=cast.ada)


def delete_its_inbox(conversation: Conversation, cast: Cast, bo: ApiClient) -> None:
    delete_inbox(cast.inbox, actor=cast.ada)


@pytest.mark.parametrize("remove", [delete_its_message, delete_it, delete_its_inbox])
def test_files_go_with_what_they_belong_to(
    app: Flask,
    bo: ApiClient,
    cast: Cast,
    conversation: Conversation,
    jobs: Jobs,
    remove: Callable[[Conversation, Cast, ApiClient], None],
) -> None:
    answer = send(bo, conversation, **{"attachments[]": (png(), "a.png")})
    jobs.run_all()
    assert len(stored(app)) == 2

    remove(conversation, cast, bo)
    jobs.run_all()

    assert stored(app) == []
    assert app.test_client().get(local(answer.json["attachments"][0]["data_url"])).status_code == 404


def test_what_no_message_has_is_swept_away_after_a_day(
    app: Flask, cast: Cast, conversation: Conversation, jobs: Jobs
) -> None:
    kept = take_in(png(), name="a.png")
    post_message(conversation, content="", author=cast.bo, attachments=[kept])
    jobs.run_all()
    take_in(io.BytesIO(b"x"), name="never sent.txt")
    (app.config["DESK"].uploads_dir / kept.key[:2] / f"{kept.key}.part").write_bytes(b"killed")

    sweep_files()
    assert len(stored(app)) == 4

    clock.shift(timedelta(hours=25))
    sweep_files()
    assert stored(app) == [kept.key, f"{kept.key}.thumb"]


@pytest.mark.database
def test_files_cost_a_list_no_question_each(cast: Cast, conversation: Conversation, bo: ApiClient) -> None:
    for _ in range(3):
        post_message(conversation, content="", author=cast.bo, attachments=[take_in(png(), name="a.png")])

    messages = bo.get(api_path(conversation, "messages"))["payload"]

    assert [len(message["attachments"]) for message in messages] == [1, 1, 1]
