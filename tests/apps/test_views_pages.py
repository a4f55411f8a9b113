"""An app in a page of its own: who is led to it, what it is told and framed with, and what it costs."""

import json
from typing import Any

import pytest

from dashboard.apps.models.apps import DRAFT
from dashboard.apps.models.apps import PAUSED
from dashboard.apps.models.apps import DashboardApp
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.page import Page
from tests.support.queries import counted

ONLY_OPEN = {"field": "conversation.status", "test": "equals", "value": "open"}


@pytest.fixture
def report(cast: Cast) -> DashboardApp:
    return make_app(
        cast.acme, title="Report", urls=("https://report.example/",), placement="page", icon="chart-column"
    )


def address(app: DashboardApp) -> str:
    return f"/accounts/{app.account_id}/apps/{app.id}"


def led_to(page: Page, path: str) -> list[str]:
    """The apps that the navigation names."""
    return [link.get_text(strip=True) for link in page.get(path).select(".rail-apps a")]


def test_it_fills_its_page_and_is_told_of_no_customer(page: Page, cast: Cast, report: DashboardApp) -> None:
    make_app(cast.acme, title="Other", urls=("https://other.example/",), placement="both+page")
    page.sign_in(cast.bo)

    html = page.get(address(report))

    assert html.select_one("h1").get_text() == "Report"
    assert html.select_one(".app-slot")["data-app-slot"] == str(report.id)
    (told,) = json.loads(html.select_one("#apps").text)
    assert (told["id"], told["places"]) == (report.id, ["page"])
    context = json.loads(html.select_one("#app-context").text)
    assert (context["key"], context["data"]["conversation"], context["data"]["contact"]) == ("", {}, {})
    assert context["data"]["currentAgent"]["id"] == cast.bo.id
    policy = page.response.headers["Content-Security-Policy"]
    assert "frame-src https://report.example;" in f"{policy};"
    assert "other.example" not in policy


def test_the_navigation_leads_there_from_every_page(page: Page, cast: Cast, report: DashboardApp) -> None:
    make_app(cast.acme, title="Beside", placement="both")
    conversation = make_conversation(cast.inbox)
    page.sign_in(cast.ada)
    start = f"/accounts/{cast.acme.id}"

    for path in (
        f"{start}/conversations",
        f"{start}/conversations/{conversation.display_id}",
        f"{start}/contacts",
        f"{start}/settings/integrations/dashboard-apps",
        "/profile",
        address(report),
    ):
        assert led_to(page, path) == ["Report"], path
    assert page.html.select_one(".rail-apps [aria-current=page]").get_text(strip=True) == "Report"


@pytest.mark.parametrize(
    ("fields", "is_led"),
    [
        ({}, True),
        ({"placement": "both+page"}, True),
        ({"placement": "both"}, False),
        ({"state": DRAFT}, False),
        ({"state": PAUSED}, False),
        ({"visibility": {"roles": ["administrator"]}}, False),
        ({"visibility": {"roles": ["agent"]}}, True),
        ({"visibility": {"agent_ids": [0]}}, False),
        ({"conditions": [ONLY_OPEN]}, False),
    ],
)
def test_who_may_not_see_it_is_not_led_there_and_finds_nothing(
    page: Page, cast: Cast, report: DashboardApp, fields: dict[str, Any], is_led: bool
) -> None:
    for name, value in fields.items():
        setattr(report, name, value)
    db.session.commit()
    page.sign_in(cast.bo)

    assert bool(led_to(page, f"/accounts/{cast.acme.id}/conversations")) is is_led
    assert bool(led_to(page, f"/accounts/{cast.acme.id}/contacts")) is is_led
    page.get(address(report), expect=200 if is_led else 404)


def test_an_app_for_some_inboxes_has_no_page_even_for_who_works_there(
    page: Page, cast: Cast, report: DashboardApp
) -> None:
    report.visibility = {"inbox_ids": [cast.inbox.id]}
    db.session.commit()
    page.sign_in(cast.bo)

    assert led_to(page, f"/accounts/{cast.acme.id}/contacts") == []
    page.get(address(report), expect=404)


def test_a_stranger_finds_no_page(page: Page, cast: Cast, report: DashboardApp) -> None:
    page.sign_in(cast.eve)

    page.get(address(report), expect=404)
    page.get(f"/accounts/{cast.other.id}/apps/{report.id}", expect=404)


def test_a_page_app_has_no_place_and_no_origin_beside_conversations(
    page: Page, cast: Cast, report: DashboardApp
) -> None:
    page.sign_in(cast.bo)

    html = page.get(f"/accounts/{cast.acme.id}/conversations/{make_conversation(cast.inbox).display_id}")

    assert not html.select("[data-app-slot], [data-app-tab], #frame-shelf")
    assert json.loads(html.select_one("#apps").text) == []
    assert "report.example" not in page.response.headers["Content-Security-Policy"]


def test_what_an_address_needs_of_a_conversation_is_said_instead(page: Page, cast: Cast) -> None:
    app = make_app(
        cast.acme,
        urls=(
            "https://a.example/{{locale}}?who={{agent.id}}&c={{contact.id}}",
            "https://b.example/{{contact.id|required}}",
        ),
        placement="page",
    )
    page.sign_in(cast.bo)

    (told,) = json.loads(page.get(address(app)).select_one("#apps").text)

    assert told["frames"][0]["url"] == f"https://a.example/en?who={cast.bo.id}&c="
    assert (told["frames"][1]["url"], told["frames"][1]["says"]) == ("", "No conversation is open.")


def test_it_is_welcomed_and_launched_without_a_conversation(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme, placement="page", format="native", launch="query", actions=["token.get"])
    page.sign_in(cast.bo)

    page.get(f"{address(app)}/welcome?conversation=")
    told = page.response.get_json()
    assert (told["key"], told["data"]["conversation"], told["data"]["contact"]) == ("", {}, {})

    page.post(f"{address(app)}/launch", {"frame": "0", "conversation": "", "place": "page"}, expect=200)
    assert "desk_token=" in page.response.get_json()["url"]


def test_pages_of_apps_cost_other_pages_one_query_however_many_there_are(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)
    path = f"/accounts/{cast.acme.id}/contacts"
    page.get(path)
    with counted() as without:
        page.get(path)
    for number in range(20):
        make_app(cast.acme, title=f"Report {number}", placement="page")
    with counted() as many:
        html = page.get(path)

    assert many.number == without.number
    assert len(html.select("#rail-apps a")) == 20
    assert len(html.select(".rail-apps a")) == 5
    assert html.select_one(".rail-more").has_attr("data-many")


def test_the_page_of_an_app_asks_little(page: Page, cast: Cast, report: DashboardApp) -> None:
    page.sign_in(cast.bo)
    page.get(address(report))

    with counted() as queries:
        page.get(address(report))

    assert queries.number <= 4
