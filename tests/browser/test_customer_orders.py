"""The example app, served as any developer would serve it, beside a conversation and by itself."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import FrameLocator
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from tests.support.desk_page import DeskPage
from tests.support.desk_page import desk_page
from tests.support.desk_page import make_app
from tests.support.desk_page import make_context
from tests.support.screens import ready

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "customer-orders"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """The tests say what went wrong."""


@pytest.fixture
def example() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(EXAMPLE)))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Page]:
    screen = browser.new_page(
        viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    yield screen
    screen.close()


@pytest.fixture(params=["chatwoot", "ndoto", "auto"])
def stage(request: pytest.FixtureRequest, example: str) -> Iterator[DeskPage]:
    people = {
        "1": contact("Maria Silva", "maria.silva@example.com"),
        "2": contact("Tomás Ortega", "tomas.ortega@example.com"),
        "3": contact("Kim", None),
        "4": contact("Stranger", "__proto__"),
        "5": {"conversation": {}, "contact": {}},
    }
    with desk_page([make_app(7, example, title="Customer orders", format=request.param)], people) as stage:
        yield stage


def contact(name: str, email: str | None) -> dict[str, Any]:
    context = make_context(name)
    context["contact"]["email"] = email
    return context


def open_app(screen: Page, stage: DeskPage, at: str) -> FrameLocator:
    screen.goto(f"{stage.url}/{at}")
    expect(screen.get_by_role("tab", selected=True)).to_have_count(2)
    ready(screen)
    screen.get_by_role("tab", name="Customer orders").click()
    return screen.frame_locator("iframe")


def test_it_shows_the_customers_orders_and_then_the_next_customers(screen: Page, stage: DeskPage) -> None:
    app = open_app(screen, stage, "1")

    expect(app.get_by_role("heading", name="Maria Silva")).to_be_visible()
    expect(app.get_by_text("maria.silva@example.com · customer since 2023")).to_be_visible()
    expect(app.locator("[data-total=count]")).to_have_text("14")
    expect(app.locator("[data-total=spent]")).to_have_text("€1,284.00")
    expect(app.locator("[data-total=returns]")).to_have_text("1")
    expect(app.locator(".order")).to_have_count(5)
    expect(app.locator(".order").first).to_contain_text("3 days late")
    app.get_by_role("button", name="Show all 14 orders").click()
    expect(app.locator(".order")).to_have_count(14)

    screen.get_by_role("link", name="Conversation 2").click()
    expect(app.get_by_role("heading", name="Tomás Ortega")).to_be_visible()
    expect(app.get_by_role("heading", name="No orders yet")).to_be_visible()
    expect(app.locator(".order")).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "words"),
    [("3", "No e-mail address"), ("4", "No orders yet"), ("5", "No conversation is open")],
)
def test_it_has_a_word_for_each_gap(screen: Page, stage: DeskPage, key: str, words: str) -> None:
    app = open_app(screen, stage, key)

    expect(app.get_by_role("heading", name=words)).to_be_visible()


def test_it_says_when_orders_cannot_be_had_and_tries_again(screen: Page, stage: DeskPage) -> None:
    answers = iter([500, 200])

    def answer(route: Route) -> None:
        if next(answers) == 500:
            route.fulfill(status=500)
        else:
            route.continue_()

    screen.route("**/orders.json", answer)
    app = open_app(screen, stage, "1")

    expect(app.get_by_role("heading", name="Orders cannot be loaded")).to_be_visible()
    app.get_by_role("button", name="Try again").click()
    expect(app.locator("[data-total=count]")).to_have_text("14")


def test_it_wears_the_desks_theme(screen: Page, stage: DeskPage) -> None:
    app = open_app(screen, stage, "1")
    expect(app.locator("html")).to_have_attribute("data-theme", "light")

    screen.evaluate("document.documentElement.dataset.theme = 'dark'")

    expect(app.locator("html")).to_have_attribute("data-theme", "dark")


def test_it_believes_only_the_page_that_frames_it(screen: Page, stage: DeskPage) -> None:
    app = open_app(screen, stage, "1")
    expect(app.get_by_role("heading", name="Maria Silva")).to_be_visible()
    letter = {
        "event": "appContext",
        "data": {"contact": {"id": 1, "name": "Mallory", "email": "m@evil.example"}},
    }

    app.locator("html").evaluate(
        """(_, text) => new Promise((heard) => {
            window.addEventListener("message", heard, { once: true });
            window.postMessage(text, "*");
        }).then(() => {})""",
        json.dumps(letter),
    )

    assert app.get_by_role("heading").all_inner_texts() == ["Maria Silva"]


def test_by_itself_it_explains_itself_and_offers_samples(screen: Page, example: str) -> None:
    screen.goto(example)

    expect(screen.get_by_text("no desk frames it now")).to_be_visible()
    screen.get_by_role("link", name="priya.nair@example.com").click()

    expect(screen.get_by_role("heading", name="Priya Nair")).to_be_visible()
    expect(screen.locator("[data-total=returns]")).to_have_text("1")
