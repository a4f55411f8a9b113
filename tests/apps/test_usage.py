"""How apps are used: what is counted, who may tell it, what becomes of it, what administrators see."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from multiprocessing.pool import ThreadPool
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.events import AppEvent
from dashboard.apps.models.usage import AppUsage
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.usage import note_call
from dashboard.apps.operations.usage import note_page
from dashboard.apps.operations.usage import note_usage
from dashboard.apps.operations.violations import note_violation
from dashboard.apps.queries.usage import PERIODS
from dashboard.apps.queries.usage import usage_of
from dashboard.apps.schemas.usage import BOUNDS
from dashboard.apps.schemas.usage import LONGEST
from dashboard.apps.schemas.usage import bound_of
from dashboard.apps.schemas.usage import percentile
from dashboard.apps.views.usage import AT_MOST
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.wiring import JOBS
from tests.support.cast import Cast
from tests.support.factories import make_account
from tests.support.factories import make_app as make_dashboard_app
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted

pytestmark = pytest.mark.database

SETTINGS = "/accounts/{account}/settings/integrations/dashboard-apps"
NOON = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _far_from_the_next_hour() -> None:
    at(clock.now().replace(minute=30))


@pytest.fixture
def orders(cast: Cast) -> DashboardApp:
    return make_dashboard_app(cast.acme)


def at(moment: datetime) -> None:
    clock.shift(timedelta())
    clock.shift(moment - clock.now())


def told(page: Page, app: DashboardApp, words: object, *, expect: int = 204) -> None:
    page.csrf_token()
    path = f"/accounts/{app.account_id}/apps/{app.id}/usage"
    answer = page.client.post(path, json=words, headers={"X-CSRFToken": page.csrf_token()})
    assert answer.status_code == expect, answer.text


def rows() -> dict[tuple[str, int], int]:
    return {(row.measure, row.bucket): row.count for row in db.session.scalars(select(AppUsage))}


def test_a_duration_is_within_a_bound() -> None:
    assert [bound_of(duration) for duration in (0, 1, 1.2, 2, 99, 100, 101, LONGEST, 10 * LONGEST)] == [
        *(1, 1, 2, 2, 100, 100, 150, LONGEST, LONGEST)
    ]
    assert list(BOUNDS) == sorted(set(BOUNDS))
    assert all(after <= 2.5 * before for before, after in pairwise(BOUNDS))


@pytest.mark.parametrize(
    ("durations", "share", "expected"),
    [
        ({}, 0.5, None),
        ({100: 0}, 0.5, None),
        ({100: 1}, 0.5, 85),
        ({100: 10}, 0.95, 98),
        ({1: 3}, 0.5, 1),
        ({100: 50, 1000: 50}, 0.5, 100),
        ({1000: 50, 100: 50}, 0.95, 970),
        ({10: 99, 30_000: 1}, 0.95, 10),
        ({LONGEST: 4}, 1, LONGEST),
    ],
)
def test_a_share_of_durations(durations: dict[int, int], share: float, expected: int | None) -> None:
    assert percentile(durations, share) == expected


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_share_is_near_to_what_it_would_be_of_all_that_was_measured(share: float) -> None:
    measured = [30 + (place * 7919) % 1470 for place in range(1000)]
    kept: dict[int, int] = {}
    for duration in measured:
        kept[bound_of(duration)] = kept.get(bound_of(duration), 0) + 1

    exact = sorted(measured)[int(share * len(measured)) - 1]

    assert percentile(kept, share) == pytest.approx(exact, rel=0.1)


def test_what_pages_tell_is_added_up(page: Page, cast: Cast, orders: DashboardApp) -> None:
    page.sign_in(cast.bo)
    told(page, orders, {"opened": 2, "load": [120, 420], "context": [500]})
    told(page, orders, {"opened": 1, "load": [130], "failed": 1})
    page.sign_in(cast.ada)
    told(page, orders, {"opened": 1})

    assert rows() == {
        ("opened", cast.bo.id): 3,
        ("opened", cast.ada.id): 1,
        ("load", 150): 2,
        ("load", 500): 1,
        ("context", 500): 1,
        ("error", 0): 1,
    }
    whole, bars = usage_of(orders, PERIODS["24h"])
    assert (whole.opened, whole.agents, whole.errors, whole.not_up) == (4, 2, 1, 1)
    assert (bars[-1].opened, bars[-1].agents) == (4, 2)
    assert whole.duration("load", 0.5) == 138
    assert whole.duration("call", 0.5) is None


def test_that_a_page_did_not_let_an_app_speak_is_in_the_log(
    page: Page, cast: Cast, orders: DashboardApp
) -> None:
    page.sign_in(cast.bo)

    told(page, orders, {"muted": 2, "paused": 1})
    told(page, orders, {"resumed": 1})

    events = db.session.scalars(select(AppEvent).order_by(AppEvent.id))
    assert [(event.kind, event.user_id, event.detail) for event in events] == [
        ("muted", cast.bo.id, {"times": 2}),
        ("paused", cast.bo.id, {"times": 1}),
        ("resumed", cast.bo.id, {"times": 1}),
    ]
    assert rows() == {}


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"opened": 0},
        {"opened": -1},
        {"opened": 51},
        {"opened": 1.5},
        {"opened": True},
        {"opened": "1"},
        {"opened": None},
        {"opened": 10**30},
        {"load": []},
        {"load": [-1]},
        {"load": [600_001]},
        {"load": [0.5]},
        {"load": [10**400]},
        {"load": [None]},
        {"load": ["5"]},
        {"load": 5},
        {"load": [1] * 51},
        {"opened": 1, "agent": 7},
        {"blocked": 1},
        {"__proto__": 1},
    ],
)
def test_what_cannot_have_been_counted_is_refused_whole(
    page: Page, cast: Cast, orders: DashboardApp, words: object
) -> None:
    page.sign_in(cast.bo)

    told(page, orders, words, expect=422)

    assert rows() == {}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ('{"load": [NaN]}', 400),
        ('{"load": [Infinity]}', 400),
        ('{"load": [1e999]}', 400),
        ("[]", 422),
        ("{", 400),
        ('{"opened": 1,' + " " * 5000 + '"failed": 1}', 413),
    ],
)
def test_what_is_no_plain_json_is_refused(
    page: Page, cast: Cast, orders: DashboardApp, sent: str, status: int
) -> None:
    page.sign_in(cast.bo)
    path = f"/accounts/{cast.acme.id}/apps/{orders.id}/usage"
    headers = {"X-CSRFToken": page.csrf_token(), "Content-Type": "application/json"}

    assert page.client.post(path, data=sent, headers=headers).status_code == status

    assert rows() == {}


def test_only_those_who_see_an_app_tell_of_it_and_not_without_end(
    page: Page, cast: Cast, orders: DashboardApp
) -> None:
    path = f"/accounts/{cast.acme.id}/apps/{orders.id}/usage"
    page.sign_in(cast.eve)
    told(page, orders, {"opened": 1}, expect=404)
    page.sign_in(cast.bo)
    told(page, make_dashboard_app(cast.other), {"opened": 1}, expect=404)
    told(page, make_dashboard_app(cast.acme, state="paused"), {"opened": 1}, expect=404)
    assert page.client.post(path, json={"opened": 1}).status_code == 400
    orders.visibility = {"roles": ["administrator"]}
    told(page, orders, {"opened": 1}, expect=404)
    page.sign_out()
    told(page, orders, {"opened": 1}, expect=302)
    assert rows() == {}

    orders.visibility = {}
    page.sign_in(cast.ada)
    most = int(AT_MOST.partition("/")[0])
    for _ in range(most):
        told(page, orders, {"opened": 1})
    told(page, orders, {"opened": 1}, expect=429)
    assert rows() == {("opened", cast.ada.id): most}


def test_what_an_app_asks_of_the_desk_is_measured_here(page: Page, cast: Cast, orders: DashboardApp) -> None:
    orders.actions = ["state.get"]
    page.sign_in(cast.bo)
    path = f"/accounts/{cast.acme.id}/apps/{orders.id}/calls"
    for method in ("state.get", "state.get", "assign", "nonsense"):
        headers = {"X-CSRFToken": page.csrf_token()}
        page.client.post(path, json={"method": method, "params": {}}, headers=headers)

    whole, _ = usage_of(orders, PERIODS["24h"])

    assert (whole.measured("call"), whole.refused) == (4, 2)
    assert (whole.duration("call", 0.95) or 0) < 5000


def test_where_an_app_tried_to_go_is_counted(cast: Cast, orders: DashboardApp) -> None:
    assert note_violation(orders, "https://login.example", actor=cast.bo)
    assert not note_violation(orders, "https://login.example", actor=cast.bo)

    assert rows() == {("blocked", 0): 1}


def test_hours_and_days_stand_in_their_own_bars(cast: Cast, orders: DashboardApp) -> None:
    for moment in (NOON - timedelta(hours=14), NOON - timedelta(hours=1), NOON):
        at(moment)
        note_page(orders, {"opened": 1, "load": [50]}, agent=cast.bo)
    note_page(orders, {"opened": 5}, agent=cast.ada)
    note_page(make_dashboard_app(cast.acme), {"opened": 9}, agent=cast.ada)

    whole, hours = usage_of(orders, PERIODS["24h"])
    assert [usage.opened for usage in hours] == [*[0] * 9, 1, *[0] * 12, 1, 6]
    assert hours[-1].start == NOON.replace(minute=0)
    assert (whole.opened, whole.agents, whole.measured("load")) == (8, 2, 3)
    _, days = usage_of(orders, PERIODS["7d"])
    assert [(usage.opened, usage.agents) for usage in days][-2:] == [(1, 1), (7, 2)]
    assert days[-1].start == NOON.replace(hour=0, minute=0)
    _, days = usage_of(orders, PERIODS["7d"], zone=ZoneInfo("America/New_York"))
    assert [usage.opened for usage in days][-2:] == [1, 7]
    _, days = usage_of(orders, PERIODS["30d"], zone=ZoneInfo("Pacific/Fiji"))  # where the 21st began
    assert [usage.opened for usage in days][-2:] == [2, 6]


def test_what_was_counted_an_hour_ahead_of_this_clock_breaks_nothing(
    cast: Cast, orders: DashboardApp
) -> None:
    at(NOON + timedelta(hours=1))
    note_page(orders, {"opened": 1}, agent=cast.bo)
    at(NOON)

    assert usage_of(orders, PERIODS["24h"])[0].is_empty


def test_two_at_once_lose_no_count(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        app_id = make_dashboard_app(make_account()).id

    def count() -> None:
        with app.app_context():
            for _ in range(10):
                note_usage(app_id, {("opened", 1): 1, ("load", 50): 2})
                note_call(app_id, seconds=0.04, is_refused=False)

    with ThreadPool(4) as pool:
        for done in [pool.apply_async(count) for _ in range(4)]:
            done.get()

    with app.app_context():
        assert rows() == {("opened", 1): 40, ("load", 50): 80, ("call", 50): 40}


def test_usage_is_kept_as_long_as_the_log_and_goes_with_its_app(cast: Cast, orders: DashboardApp) -> None:
    for days in (0, 60, 89, 91):
        at(NOON + timedelta(days=days))
        note_page(orders, {"opened": 1}, agent=cast.bo)

    JOBS["apps.tidy_up"]()

    assert db.session.scalar(select(func.count()).select_from(AppUsage)) == 3
    remove_app(orders, actor=cast.ada)
    assert rows() == {}
    with pytest.raises(IntegrityError):
        note_usage(orders.id, {("opened", 1): 1})


def test_the_page_is_for_administrators(page: Page, cast: Cast, orders: DashboardApp) -> None:
    ask_the_ladder(page, cast, "GET", f"{SETTINGS}/{orders.id}/usage")
    page.sign_in(cast.ada)
    other = make_dashboard_app(cast.other)

    page.get(f"{SETTINGS.format(account=cast.acme.id)}/{other.id}/usage", expect=404)


def test_an_app_that_nobody_has_opened(page: Page, cast: Cast, orders: DashboardApp) -> None:
    page.sign_in(cast.ada)

    html = page.get(f"{SETTINGS.format(account=cast.acme.id)}/{orders.id}/usage")

    assert "Nobody has opened it in this time" in html.get_text()
    assert not html.select("svg.chart-bars")


@pytest.mark.parametrize(
    ("asked", "shown", "bars"),
    [("", "7d", 7), ("24h", "24h", 24), ("7d", "7d", 7), ("30d", "30d", 30), ("99d", "7d", 7)],
)
def test_the_page_says_the_same_in_charts_and_in_a_table(
    page: Page, cast: Cast, orders: DashboardApp, asked: str, shown: str, bars: int
) -> None:
    note_page(orders, {"opened": 3, "load": [100], "context": [1500], "failed": 1}, agent=cast.bo)
    note_call(orders.id, seconds=0.012, is_refused=True)
    page.sign_in(cast.ada)

    html = page.get(f"{SETTINGS.format(account=cast.acme.id)}/{orders.id}/usage?period={asked}")

    (current,) = html.select(".periods [aria-current=page]")
    assert str(current["href"]).endswith(f"period={shown}")
    charts = html.select("svg.chart-bars[role=img]")
    assert len(charts) == 7
    for chart in charts:
        named = [html.find(id=name) for name in str(chart["aria-labelledby"]).split()]
        assert all(name and name.get_text(strip=True) for name in named)
        assert len(chart.select(".chart-room")) == bars
    values = [value.get_text() for value in html.select(".chart-value strong")]
    assert values == ["3", "1", "85 ms", "1.2 sec", "12 ms", "2", "0"]
    (whole, *rest) = html.select(".usage-table tbody tr")
    assert len(rest) == bars
    cells = [cell.get_text() for cell in whole.select("td")]
    assert cells == ["3", "1", "85 ms / 98 ms", "1.2 sec / 1.5 sec", "12 ms / 15 ms", "2", "0"]
    assert [cell.get_text() for cell in rest[-1].select("td")] == cells
    assert "1 time it did not come up" in html.get_text()
    assert "1 request was refused or failed" in html.get_text()


def test_the_page_asks_as_often_however_much_there_is(page: Page, cast: Cast, orders: DashboardApp) -> None:
    page.sign_in(cast.ada)
    address = f"{SETTINGS.format(account=cast.acme.id)}/{orders.id}/usage?period=30d"
    page.get(address)
    with counted() as few:
        page.get(address)
    today = clock.now()
    for days in range(20):
        at(today - timedelta(days=days))
        note_page(orders, {"opened": 1, "load": [days * 10], "failed": 1}, agent=cast.bo)
        note_page(orders, {"opened": 1, "context": [days * 90]}, agent=cast.ada)
    at(today)

    with counted() as many:
        page.get(address)

    assert len([query for query in many if "app_usage" in query]) == 3
    assert many.number == few.number


def test_the_list_says_how_often_apps_were_opened_by_one_query(page: Page, cast: Cast) -> None:
    apps = [make_dashboard_app(cast.acme, title=f"App {place}") for place in range(3)]
    note_page(apps[0], {"opened": 12}, agent=cast.bo)
    page.sign_in(cast.ada)

    with counted() as queries:
        html = page.get(SETTINGS.format(account=cast.acme.id))

    assert len([query for query in queries if "app_usage" in query]) == 1
    (link,) = html.select(f"a[href$='/{apps[0].id}/usage']")
    assert link.get_text() == "Opened 12 times in 7 days"


def test_the_tables_of_another_account_stay_untouched(cast: Cast, orders: DashboardApp) -> None:
    note_page(make_dashboard_app(cast.other), {"opened": 1}, agent=cast.eve)

    assert usage_of(orders, PERIODS["30d"])[0].is_empty
