"""What an agent's page may report about an app: only in whose words it spoke; and what it shows for it."""

import pytest

from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.page import Page


def path_of(cast: Cast, app_id: int) -> str:
    return f"/accounts/{cast.acme.id}/apps/{app_id}/format"


@pytest.mark.parametrize("shown", ["chatwoot", "native"])
def test_an_agent_reports_what_an_automatic_app_showed(page: Page, cast: Cast, shown: str) -> None:
    app = make_app(cast.acme, format="auto")
    page.sign_in(cast.cy)

    page.post(path_of(cast, app.id), {"format": shown}, expect=204)

    db.session.refresh(app)
    assert app.format == shown


@pytest.mark.parametrize("wish", ["ndoto", "auto", "morse", ""])
def test_nothing_else_can_be_reported(page: Page, cast: Cast, wish: str) -> None:
    app, fixed = make_app(cast.acme, format="auto"), make_app(cast.acme, format="ndoto")
    page.sign_in(cast.bo)

    page.post(path_of(cast, app.id), {"format": wish, "title": "Taken over"}, expect=204)
    page.post(path_of(cast, fixed.id), {"format": wish}, expect=204)

    for row in (app, fixed):
        db.session.refresh(row)
    assert (app.format, app.title, fixed.format) == ("auto", "Orders", "ndoto")


def test_strangers_and_forged_requests_report_nothing(page: Page, cast: Cast) -> None:
    app, other = make_app(cast.acme, format="auto"), make_app(cast.other, format="auto")

    page.post(path_of(cast, app.id), expect=302)
    page.sign_in(cast.eve)
    page.post(path_of(cast, app.id), expect=404)
    page.sign_in(cast.bo)
    page.post(path_of(cast, other.id), expect=404)
    assert page.client.post(path_of(cast, app.id)).status_code == 400

    for row in (app, other):
        db.session.refresh(row)
    assert (app.format, other.format) == ("auto", "auto")


def test_the_parts_are_for_members_only(page: Page, cast: Cast) -> None:
    address = f"/accounts/{cast.acme.id}/apps/parts"

    page.get(address, expect=302)
    page.sign_in(cast.eve)
    page.get(address, expect=404)
    page.sign_in(cast.cy)
    parts = page.get(address)

    assert {part["data-part"] for part in parts.select("template")} == {"ask", "modal", "inserted"}
    assert parts.select_one("script, [style]") is None
