"""“Check this app” in a real browser: while it works, what it found, and what agents are told of that."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.frames import show
from tests.support.frames import state
from tests.support.raw import RawServer
from tests.support.raw import answering
from tests.support.raw import page as answer
from tests.support.screens import context_for
from tests.support.screens import visit
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

HEADER = (
    "Content-Security-Policy: frame-ancestors 'self' https://portal.example.com https://intranet.example.com"
)


@pytest.fixture
def theirs() -> Iterator[RawServer]:
    with answering() as found:
        yield found


@pytest.fixture
def screen(browser: Browser, near: Server) -> Iterator[Page]:
    with context_for(browser, near) as context:
        yield context.new_page()


def test_an_app_that_forbids_frames_is_found_out_said_to_agents_and_mended(
    screen: Page, near: Server, theirs: RawServer, sign_in: Callable[[Page, Person, Server], None]
) -> None:
    theirs.answers["/"] = answer(HEADER)
    desk = near.make_desk()
    with near.work():
        account, inbox = (
            db.session.get_one(Account, desk.account_id),
            db.session.get_one(Inbox, desk.inbox_id),
        )
        app = make_app(account, urls=(theirs.url(),), format="ndoto").id
        conversation = make_conversation(inbox).display_id
    sign_in(screen, desk.ada, near)
    address = f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps/{app}/check"

    # it is found out, and said how to mend it
    visit(screen, address)
    panel = screen.get_by_role("region", name="Check this app")
    button = panel.get_by_role("button", name="Check now")
    button.focus()
    button.press("Enter")
    expect(panel).to_contain_text(HEADER)
    expect(button).to_be_focused()
    panel.get_by_text("nginx", exact=True).click()
    expect(panel.get_by_role("region", name="Lines for nginx")).to_contain_text(near.url)
    for width in (1440, 390):
        screen.set_viewport_size({"width": width, "height": 800})
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert complaints_light_and_dark(screen) == []
    screen.set_viewport_size({"width": 1440, "height": 900})

    # the frame, which loads like any other, says so too
    screen.clock.install()
    visit(screen, f"/accounts/{desk.account_id}/conversations/{conversation}")
    show(screen, "Orders")
    expect(state(screen, "Orders")).to_have_attribute("data-state", "ready")
    screen.clock.fast_forward(5_000)
    said = state(screen, "Orders").get_by_role("status")
    expect(said).to_contain_text("Orders does not answer.")
    expect(said).to_contain_text(f"The app allows frames on some sites, and {near.url} is not among them.")
    expect(said.get_by_role("link", name="Check this app")).to_have_attribute("href", address)

    # and when it is mended, the check knows
    theirs.answers["/"] = answer(f"Content-Security-Policy: frame-ancestors {near.url}")
    visit(screen, address)
    button.click()
    expect(panel).to_contain_text("Browsers show this app in the desk.")
    expect(panel.locator("details")).to_have_count(0)
