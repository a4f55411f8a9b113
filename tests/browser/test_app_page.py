"""An app in a page of its own, by the navigation."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import change_app
from dashboard.extensions import db
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_app
from tests.support.native import by_sdk
from tests.support.screens import ready
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def somewhere() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


def test_an_app_fills_the_page_to_which_the_navigation_leads(
    live: Server,
    desk: Desk,
    browser_page: Page,
    sign_in: Callable[[Page, Person], None],
    somewhere: AppPages,
) -> None:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        urls, granted = (somewhere.url("/silent"),), ["badge.set", "token.get", "labels.add"]
        app_id = make_app(account, title="Shifts", urls=urls, placement="page", actions=granted).id
    sign_in(browser_page, desk.bo)
    visit(browser_page, f"/accounts/{desk.account_id}/conversations")
    link = browser_page.get_by_role("navigation", name="Desk").get_by_role("link", name="Shifts")

    link.focus()
    link.press("Enter")
    browser_page.wait_for_url(f"/accounts/{desk.account_id}/apps/{app_id}")
    ready(browser_page)
    expect(link).to_have_attribute("aria-current", "page")
    frame = by_sdk(browser_page, live.url)
    assert frame.evaluate("[desk.app.placement, desk.context.conversation, desk.context.contact]") == [
        "page", {}, {},
    ]  # fmt: skip
    assert frame.evaluate("desk.token().then((token) => token.split('.').length)") == 3
    assert frame.evaluate("desk.labels.add({labels: ['vip']}).catch((error) => error.code)") == "invalid"
    frame.evaluate("desk.badge.set({value: 7})")
    expect(link).to_have_accessible_name("Shifts 7")
    area = browser_page.locator("#dashboard-app--frame-0-0").bounding_box()
    assert area is not None
    assert (area["width"] > 1300, area["height"] > 750) == (True, True)
    assert complaints_light_and_dark(browser_page) == []

    with live.work():
        change_app(db.session.get_one(DashboardApp, app_id), state="paused", actor=None)
    expect(browser_page.get_by_role("heading", name="There is nothing here")).to_be_visible()
