"""A page that has no answer sends again: what it calls by one name is posted once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from dashboard.conversations.models import Message
from dashboard.conversations.serializers import message_json
from dashboard.conversations.serializers import message_push
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.desk import HTMX
from tests.support.factories import make_app as make_dashboard_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.page import Page
from tests.support.queries import counted

NAME = "0b9d2c4e-1111-4222-8333-444455556666"


def contents() -> list[str]:
    return list(db.session.scalars(db.select(Message.content).order_by(Message.id)))


def test_what_is_sent_twice_under_one_name_is_posted_once(page: Page, cast: Cast) -> None:
    here, there = (make_conversation(cast.inbox, contact=make_contact(cast.acme)) for _ in range(2))
    paths = [f"/accounts/{cast.acme.id}/conversations/{each.display_id}" for each in (here, there)]
    page.sign_in(cast.bo)
    for _ in range(2):
        fields = {"content": "On it", "echo_id": NAME, "after": "0"}
        html = page.post(f"{paths[0]}/messages", fields, headers=HTMX, expect=200)
        assert html.select_one(f"[data-echo='{NAME}']") is not None
        assert len(html.select(".message")) == 1
    assert contents() == ["On it"]

    for content, name in (("Here too", NAME), ("No name", "x"), ("No name", "x")):
        fields = {"content": content, "echo_id": name, "after": "0"}
        page.post(f"{paths[1]}/messages", fields, headers=HTMX, expect=200)
    assert contents() == ["On it", "Here too", "No name", "No name"]
    told = page.get(
        f"/accounts/{cast.acme.id}/conversations/news?open={here.display_id}&sent={NAME},x,", headers=HTMX
    )
    assert [each["data-echo"] for each in told.select("[data-echo]")] == [NAME]


@pytest.mark.database
def test_what_is_sent_twice_at_once_is_posted_once(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        cast = make_cast()
        conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme))
        path = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}/messages"
        pages = [Page(app) for _ in range(4)]
        for page in pages:
            page.sign_in(cast.bo)
        db.session.commit()
    together = Barrier(len(pages))

    def send(page: Page) -> int:
        fields = {"content": "On it", "echo_id": NAME, "after": "0", "csrf_token": page.csrf_token()}
        together.wait()
        with app.app_context():
            return page.client.post(path, data=fields, headers=HTMX).status_code

    with ThreadPoolExecutor(len(pages)) as pool:
        assert list(pool.map(send, pages)) == [200] * len(pages)

    with app.app_context():
        assert contents() == ["On it"]


def shown_and_told(page: Page, cast: Cast, app_id: object, kind: str = "reply") -> tuple[str, str]:
    """What the thread says of where a message came from, and what programs are told of the message."""
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme))
    path = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}"
    page.sign_in(cast.bo)
    fields = {"content": "It is on its way", "kind": kind, "inserted_by": app_id, "after": "0"}
    page.post(f"{path}/messages", fields, headers=HTMX, expect=200)
    (message,) = db.session.scalars(
        db.select(Message).where(Message.conversation_id == conversation.id).order_by(Message.id)
    )
    html = page.get(path)
    chip = html.select_one(f"#message-{message.id} .inserted-by")
    told = [message_json(message, conversation), message_push(message, conversation, 0)]
    return chip.get_text() if chip else "", json.dumps(told)


@pytest.mark.parametrize(("kind", "grant"), [("reply", "reply.insert"), ("note", "note.insert")])
def test_what_an_app_put_into_the_draft_says_so_to_the_desk_alone(
    page: Page, cast: Cast, kind: str, grant: str
) -> None:
    app = make_dashboard_app(cast.acme, title="<Customer orders>", actions=[grant])

    chip, told = shown_and_told(page, cast, app.id, kind)

    assert chip == "inserted by <Customer orders>"
    assert "Customer orders" not in told


def test_only_an_app_that_is_there_and_may_insert_is_named(page: Page, cast: Cast) -> None:
    may = {"actions": ["reply.insert"]}
    apps = [
        make_dashboard_app(cast.acme, actions=["note.insert"]),
        make_dashboard_app(cast.acme, state="paused", **may),
        make_dashboard_app(cast.acme, visibility={"roles": ["administrator"]}, **may),
        make_dashboard_app(
            cast.acme,
            conditions=[{"field": "conversation.status", "test": "equals", "value": "resolved"}],
            **may,
        ),
        make_dashboard_app(cast.other, **may),
    ]

    for number in (*(app.id for app in apps), 4711, "x", "-1", "9" * 40, ""):
        assert shown_and_told(page, cast, number)[0] == "", number


def test_where_a_message_came_from_costs_the_thread_no_question(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme))
    path = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}"
    page.sign_in(cast.bo)
    make_message(conversation, "One", message_type="outgoing")
    with counted() as before:
        page.get(path)
    told = {"inserted_by": {"id": 7, "title": "Orders"}}
    make_message(conversation, "Two", message_type="outgoing", additional_attributes=told)

    with counted() as after:
        assert "inserted by Orders" in page.get(path).get_text()

    assert after.number == before.number
