"""A page that has no answer sends again: what it calls by one name is posted once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from dashboard.conversations.models import Message
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.desk import HTMX
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.page import Page

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
