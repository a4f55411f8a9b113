"""“Check this app” in a real browser: while it works, what it found, and what agents are told of that."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.apps.models.checks import AppCheck
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.frames import show
from tests.support.frames import state
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, Person], None]
HEADER = (
    "Content-Security-Policy: frame-ancestors 'self' https://portal.example.com https://intranet.example.com"
)


@pytest.fixture
def orders() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


def add_app(live: Server, desk: Desk, url: str, cause: str = "", **fields: str) -> int:
    """An app, and what the last check has found of it."""
    with live.work():
        app = make_app(db.session.get_one(Account, desk.account_id), urls=(url,), format="ndoto")
        if cause:
            db.session.add(AppCheck(app_id=app.id, number=0, url=url, desk=live.url, cause=cause, **fields))
        return app.id


def test_an_administrator_checks_an_app_and_reads_what_is_in_the_way(
    browser_page: Page, sign_in: SignIn, live: Server, desk: Desk
) -> None:
    sign_in(browser_page, desk.ada)
    app_id = add_app(live, desk, "http://127.0.0.1:9/", "ancestors", header=HEADER)
    visit(browser_page, f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps/{app_id}/check")
    panel = browser_page.get_by_role("region", name="Check this app")

    expect(panel).to_contain_text(HEADER)
    panel.get_by_text("nginx", exact=True).click()
    expect(panel.get_by_role("region", name="Lines for nginx")).to_contain_text(live.url)
    for width in (1440, 390):
        browser_page.set_viewport_size({"width": width, "height": 800})
        assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert complaints_light_and_dark(browser_page) == []

    button = panel.get_by_role("button", name="Check now")
    button.focus()
    button.press("Enter")

    expect(panel.get_by_role("status")).to_contain_text("it is checked from your browser only")
    expect(panel.locator("details")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_frame_that_stays_empty_says_why_as_far_as_the_desk_knows(
    browser_page: Page, sign_in: SignIn, live: Server, desk: Desk, orders: AppPages
) -> None:
    refused = add_app(live, desk, orders.url("refuses"), "frame_options", header="X-Frame-Options: DENY")
    with live.work():
        conversation = make_conversation(db.session.get_one(Inbox, desk.inbox_id))
        make_message(conversation)
        path = f"/accounts/{desk.account_id}/conversations/{conversation.display_id}"
    sign_in(browser_page, desk.ada)
    browser_page.clock.install()
    visit(browser_page, path)
    show(browser_page, "Orders")
    said = state(browser_page, "Orders").get_by_role("status")
    expect(state(browser_page, "Orders")).to_have_attribute("data-state", "ready")

    browser_page.clock.fast_forward(5_000)

    expect(said).to_contain_text("Orders does not answer.")
    expect(said).to_contain_text("The app's server forbids other sites to show it in a frame.")
    expect(said.get_by_role("link", name="Check this app")).to_have_attribute(
        "href", f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps/{refused}/check"
    )
