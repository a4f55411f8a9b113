"""What the browser lets the frame of an app do, and what not: in Chromium, inside the running desk."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame
from playwright.sync_api import Page

from dashboard.accounts.models import Account
from dashboard.apps.operations.violations import allow_origin
from dashboard.apps.queries.apps import apps_of
from dashboard.apps.queries.violations import violations_of
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.frames import customer
from tests.support.frames import frame_of
from tests.support.frames import received
from tests.support.frames import send_away
from tests.support.frames import show
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

PROBED = [
    "camera",
    "clipboard-read",
    "clipboard-write",
    "geolocation",
    "microphone",
    "fullscreen",
    "autoplay",
]


@pytest.fixture
def orders() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


@pytest.fixture
def billing() -> Iterator[AppPages]:
    with app_pages("localhost") as pages:
        yield pages


@pytest.fixture
def screen(browser_page: Page, desk: Desk, sign_in: Callable[[Page, Person], None]) -> Page:
    """Bo's browser."""
    sign_in(browser_page, desk.bo)
    return browser_page


@pytest.fixture
def maria(live: Server, desk: Desk) -> str:
    """The address of a conversation with Maria."""
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        account = db.session.get_one(Account, desk.account_id)
        conversation = make_conversation(inbox, contact=make_contact(account, name="Maria Silva"))
        return f"/accounts/{desk.account_id}/conversations/{conversation.display_id}"


def add(live: Server, desk: Desk, url: str, *, title: str = "Orders", **fields: object) -> None:
    with live.work():
        make_app(db.session.get_one(Account, desk.account_id), title=title, urls=(url,), **fields)


def allowed(frame: Frame) -> list[str]:
    found: list[str] = frame.evaluate(
        "names => names.filter(name => document.featurePolicy.allowsFeature(name))", PROBED
    )
    return found


def test_an_app_has_what_was_ticked_and_loses_it_when_it_leaves_home(
    screen: Page, live: Server, desk: Desk, maria: str, orders: AppPages, billing: AppPages
) -> None:
    dialogs: list[str] = []
    screen.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.accept())
    rights = {"sandbox": ["allow-modals"], "features": ["clipboard-write", "microphone"]}
    add(live, desk, orders.url("chatwoot"), **rights)
    add(live, desk, billing.url("chatwoot"), title="Billing")
    visit(screen, maria)

    show(screen, "Billing")
    assert allowed(frame_of(screen, 1)) == []
    show(screen, "Orders")
    frame = frame_of(screen)
    assert allowed(frame) == ["clipboard-write", "microphone"]
    assert frame.evaluate("confirm('Sure?')") is True
    assert dialogs == ["Sure?"]

    send_away(frame, billing.url("silent"))
    frame.wait_for_url(billing.url("silent"))
    frame.wait_for_load_state()
    assert allowed(frame) == []


def test_a_page_that_may_be_shown_is_shown_and_told_nothing(
    screen: Page, live: Server, desk: Desk, maria: str, orders: AppPages, billing: AppPages
) -> None:
    add(live, desk, orders.url("chatwoot"))
    add(live, desk, orders.url("chatwoot"), title="Next")
    visit(screen, maria)
    show(screen, "Orders")
    with screen.expect_response("**/violations") as answer:
        send_away(frame_of(screen), billing.url("asks-early"))
    assert answer.value.status == 204
    with live.work():
        app = apps_of(desk.account_id)[0]
        [violation] = violations_of(app)
        assert violation.origin == billing.origin
        allow_origin(app, violation.origin, actor=None)

    visit(screen, maria)
    show(screen, "Orders")
    frame = frame_of(screen)
    send_away(frame, billing.url("asks-early"))
    frame.wait_for_url(billing.url("asks-early"))
    frame.wait_for_load_state()
    screen.evaluate("document.documentElement.dataset.theme = 'dark'")
    frame.evaluate("ask()")
    show(screen, "Next")
    customer(frame_of(screen, 1), "Maria Silva")

    assert received(frame) == []
    assert billing.visits == ["/asks-early"]
