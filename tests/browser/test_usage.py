"""Figures of what agents do with an app: counted in their pages, told to the desk, shown on a page."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.frames import customer
from tests.support.frames import frame_of
from tests.support.frames import show
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def theirs() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


def test_an_app_that_is_opened_has_figures_when_the_page_has_told_them(
    browser_page: Page,
    live: Server,
    desk: Desk,
    theirs: AppPages,
    sign_in: Callable[[Page, Person], None],
) -> None:
    screen = browser_page
    with live.work():
        account, inbox = (
            db.session.get_one(Account, desk.account_id),
            db.session.get_one(Inbox, desk.inbox_id),
        )
        app = make_app(account, urls=(theirs.url("chatwoot"),)).id
        conversation = make_conversation(inbox, contact=make_contact(account, name="Maria")).display_id
    sign_in(screen, desk.ada)
    address = f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps/{app}/usage"

    # an agent opens it, and after a while the page tells all of it at once
    screen.clock.install()
    visit(screen, f"/accounts/{desk.account_id}/conversations/{conversation}")
    with screen.expect_response("**/frames/figures.js") as script:
        show(screen, "Orders")
    customer(frame_of(screen), "Maria")
    screen.evaluate("address => import(address).then(() => {})", script.value.url)
    with screen.expect_response(f"**/apps/{app}/usage") as telling:
        screen.clock.fast_forward(10_000)
    assert telling.value.status == 204
    told = telling.value.request.post_data_json
    assert told["opened"] == len(told["load"]) == len(told["context"]) == 1

    # an administrator sees it
    visit(screen, address)
    charts = screen.locator(".chart")
    expect(charts).to_have_count(7)
    expect(charts.first.get_by_role("img", name="Opened")).to_be_visible()
    expect(charts.first.locator("strong")).to_have_text("1")
    screen.get_by_text("The same as a table").click()
    expect(screen.get_by_role("row", name="All")).to_contain_text("1")
    for width in (1440, 390):
        screen.set_viewport_size({"width": width, "height": 800})
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert complaints_light_and_dark(screen) == []
