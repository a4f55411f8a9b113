"""The log of the apps: what was changed about them, by whom, and how long that is known."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.events import AppEvent
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import learn_format
from dashboard.apps.operations.apps import order_apps
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.events import note_app_event
from dashboard.apps.operations.violations import note_violation
from dashboard.apps.queries.events import PAGE
from dashboard.apps.queries.violations import violations_of
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.wiring import JOBS
from dashboard.wiring import PERIODIC
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.factories import together
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted

pytestmark = pytest.mark.database

HERE = [{"type": "frame", "url": "https://app.example.com/"}]
APPS = "/accounts/{account}/settings/integrations/dashboard-apps"


def log_of(app: DashboardApp) -> list[tuple[str, str | None, dict]]:
    found = db.session.scalars(select(AppEvent).where(AppEvent.app_id == app.id).order_by(AppEvent.id))
    return [(event.kind, event.user.name if event.user else None, event.detail) for event in found]


@pytest.fixture
def apps_path(cast: Cast, page: Page) -> str:
    page.sign_in(cast.ada)
    return APPS.format(account=cast.acme.id)


def test_each_change_of_an_app_is_written_down_by_the_names_of_what_changed(cast: Cast) -> None:
    app = add_app(cast.acme, title="Orders", content=HERE, format="auto", actor=cast.ada)

    change_app(app, title="Bills", placement="both", format="auto", actor=cast.bo)
    change_app(app, title="Bills", actor=cast.bo)
    learn_format(app, shown="chatwoot")
    remove_app(app, actor=cast.ada)

    assert log_of(app) == [
        ("created", "Ada Admin", {}),
        ("updated", "Bo Agent", {"changed": ["placement", "title"]}),
        ("updated", None, {"changed": ["format"]}),
        ("deleted", "Ada Admin", {}),
    ]


def test_another_order_is_a_change_of_those_that_moved(cast: Cast) -> None:
    first, second = (add_app(cast.acme, title=title, content=HERE, actor=None) for title in ("A", "B"))
    order_apps(cast.acme, [first.id, second.id], actor=cast.ada)
    written = len(log_of(first))

    order_apps(cast.acme, [second.id, first.id], actor=cast.bo)
    order_apps(cast.acme, [second.id, first.id], actor=cast.bo)

    assert log_of(first)[written:] == [("updated", "Bo Agent", {"changed": ["position"]})]


@pytest.mark.parametrize("path", [f"{APPS}/log", f"{APPS}/log.csv", f"{APPS}/APP/log", f"{APPS}/APP/log.csv"])
def test_every_door_asks_who_is_there(page: Page, cast: Cast, path: str) -> None:
    app = make_app(cast.acme)

    ask_the_ladder(page, cast, "GET", path.replace("APP", str(app.id)))


@pytest.mark.parametrize("part", ["log", "log.csv"])
def test_the_log_of_another_account_does_not_exist(page: Page, cast: Cast, apps_path: str, part: str) -> None:
    stranger = make_app(cast.other, title="Foreign")
    note_app_event(stranger, "created", actor=cast.eve)

    page.get(f"{apps_path}/{stranger.id}/{part}", expect=404)
    page.get(f"{apps_path}/{part}")

    assert page.response is not None
    assert "Foreign" not in page.response.text


def test_the_log_says_what_was_done_where_and_by_whom(page: Page, cast: Cast, apps_path: str) -> None:
    app, conversation = make_app(cast.acme), make_conversation(cast.inbox)
    detail = {"method": "labels.add", "labels": ["<b>urgent</b>", "late"]}
    note_app_event(app, "action", actor=cast.bo, conversation=conversation, detail=detail)
    note_app_event(app, "something-new", actor=None)

    html = page.get(f"{apps_path}/{app.id}/log")

    newest, oldest = html.select("tbody tr")
    assert "something-new" in newest.get_text()
    assert "Action: labels.add · Labels: <b>urgent</b>, late" in oldest.get_text()
    assert "Bo Agent" in oldest.get_text()
    assert oldest.find("a", href=f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}")


def test_a_deleted_app_is_still_in_the_log_of_all(page: Page, cast: Cast, apps_path: str) -> None:
    app = add_app(cast.acme, title="Gone", content=HERE, actor=cast.ada)
    remove_app(app, actor=cast.ada)

    html = page.get(f"{apps_path}/log")

    assert [row.strong.get_text() for row in html.select("tbody tr") if row.strong] == ["Gone", "Gone"]


def test_the_log_is_read_in_pages_and_by_kind(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_app(cast.acme)
    with together():
        for number in range(PAGE + 5):
            note_app_event(app, "action", actor=cast.bo, detail={"number": number})
        note_app_event(app, "updated", actor=cast.ada)

    html = page.get(f"{apps_path}/{app.id}/log?kind=action")
    assert len(html.select("tbody tr")) == PAGE
    assert "Ada Admin" not in html.select_one("tbody").get_text()  # type: ignore[union-attr]
    older = html.find("a", rel="next")
    assert older is not None

    with counted() as queries:
        html = page.get(str(older["href"]))
    assert [row.get_text().split("number: ")[1].split()[0] for row in html.select("tbody tr")] == list(
        "43210"
    )
    assert html.find("a", rel="next") is None
    assert queries.number == 5  # who asks, the app, the page, the navigation, webhooks that were given up


def test_a_log_in_which_nothing_is_says_so(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_app(cast.acme)

    assert "Nothing has happened yet" in page.get(f"{apps_path}/{app.id}/log").get_text()
    assert "No entry of this kind" in page.get(f"{apps_path}/{app.id}/log?kind=blocked").get_text()
    assert "Nothing has happened yet" in page.get(f"{apps_path}/{app.id}/log?kind=nonsense").get_text()


def test_the_way_to_the_log_stands_beside_the_app(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_app(cast.acme)

    for path in (f"{apps_path}/{app.id}", f"{apps_path}/{app.id}/edit"):
        assert page.get(path).find("a", href=f"{apps_path}/{app.id}/log"), path
    assert page.get(apps_path).find("a", href=f"{apps_path}/log")


def test_the_log_is_taken_along_as_a_table_without_formulas(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_app(cast.acme, title="=cmd()")
    note_app_event(app, "updated", actor=cast.ada, detail={"changed": ["title"]})

    page.get(f"{apps_path}/{app.id}/log.csv")

    assert page.response is not None
    assert page.response.mimetype == "text/csv"
    (row,) = csv.DictReader(io.StringIO(page.response.text))
    assert (row["app"], row["kind"], row["agent"], row["detail"]) == (
        "'=cmd()",
        "updated",
        "Ada Admin",
        '{"changed": ["title"]}',
    )


def test_what_is_older_than_ninety_days_is_forgotten(cast: Cast) -> None:
    app = make_app(cast.acme)
    note_app_event(app, "created", actor=cast.ada)
    clock.shift(timedelta(days=89))
    note_app_event(app, "updated", actor=cast.ada)
    JOBS["apps.tidy_up"]()
    assert [kind for kind, _, _ in log_of(app)] == ["created", "updated"]

    clock.shift(timedelta(days=91))
    JOBS["apps.tidy_up"]()

    assert [kind for kind, _, _ in log_of(app)] == ["updated"]
    assert PERIODIC["apps.tidy_up"] <= timedelta(days=1)


def test_whoever_runs_the_desk_says_how_long_it_is_kept(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DESK", replace(app.config["DESK"], app_history_days=7))
    orders = make_app(cast.acme)
    note_violation(orders, "https://login.example", actor=cast.bo)
    clock.shift(timedelta(days=7, seconds=1))
    note_violation(orders, "https://other.example", actor=cast.bo)

    JOBS["apps.tidy_up"]()

    assert [detail for _, _, detail in log_of(orders)] == [{"origin": "https://other.example"}]
    assert [each.origin for each in violations_of(orders)] == ["https://other.example"]


def test_the_log_outlives_who_did_it(cast: Cast) -> None:
    app = make_app(cast.acme)
    note_app_event(app, "updated", actor=cast.cy)

    db.session.delete(cast.cy)
    db.session.commit()

    assert db.session.scalar(select(func.count()).select_from(AppEvent)) == 1
    assert log_of(app) == [("updated", None, {})]
