"""The set-up page offers sample data, and says where it would be of less use."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from tests.support.page import Page

ANSWERS = {"account": "Acme", "name": "Ada", "email": "ada@example.com", "password": "correct horse 42"}


def test_the_box_is_ticked_and_fills_the_account(page: Page) -> None:
    box = page.get("/setup").select_one("input[name=sample]")
    assert box is not None
    assert box.has_attr("checked")

    page.submit("main form", ANSWERS)

    app = db.session.scalars(select(DashboardApp)).one()
    assert app.urls == ["http://127.0.0.1:5001/customer-orders/"]
    assert _conversations() == 40


def test_without_the_tick_the_account_is_empty(page: Page) -> None:
    page.get("/setup")

    page.post("/setup", ANSWERS)

    assert _conversations() == 0


def test_where_others_can_reach_the_desk_it_is_not_ticked_and_says_why(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(HOST="0.0.0.0")

    with app.app_context():
        html = Page(app).get("/setup")

    box = html.select_one("input[name=sample]")
    assert box is not None
    assert not box.has_attr("checked")
    assert "answers only on the machine that runs the desk" in html.get_text()


def _conversations() -> int:
    return db.session.scalar(select(func.count()).select_from(Conversation)) or 0
