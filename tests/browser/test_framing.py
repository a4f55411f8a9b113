"""What the browser lets the frame of an app do, and what not: in Chromium, inside the running desk."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame
from playwright.sync_api import Page
from playwright.sync_api import expect

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
from tests.support.frames import state
from tests.support.screens import ready
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
    return f"/accounts/{desk.account_id}/conversations/{begin(live, desk, 'Maria Silva', crm='m/7 &x=1')}"


def begin(live: Server, desk: Desk, name: str, **attributes: str) -> int:
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        account = db.session.get_one(Account, desk.account_id)
        contact = make_contact(account, name=name, custom_attributes=attributes)
        return make_conversation(inbox, contact=contact).display_id


def choose(screen: Page, display_id: int | str) -> None:
    screen.locator(f'[data-conversation="{display_id}"]').click()
    expect(screen.locator(f'#conversation [data-key="{display_id}"]')).to_be_visible()
    ready(screen)


def add(live: Server, desk: Desk, url: str, *, title: str = "Orders", **fields: object) -> None:
    with live.work():
        make_app(db.session.get_one(Account, desk.account_id), title=title, urls=(url,), **fields)


def allowed(frame: Frame) -> list[str]:
    found: list[str] = frame.evaluate(
        "names => names.filter(name => document.featurePolicy.allowsFeature(name))", PROBED
    )
    return found


@pytest.mark.attack(39)
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


def test_an_address_with_variables_is_opened_anew_where_it_is_another_and_kept_where_not(
    screen: Page, live: Server, desk: Desk, maria: str, orders: AppPages
) -> None:
    crm, mine = "{{contact.custom_attributes.crm|required}}", "{{agent.id}}"
    add(live, desk, orders.url(f"chatwoot?crm={crm}"), title="CRM")
    add(live, desk, orders.url(f"chatwoot?by={mine}"), title="Mine")
    jonas = begin(live, desk, "Jonas Kühn")
    priya = begin(live, desk, "Priya Nair", crm="p-9")
    visit(screen, maria)
    show(screen, "Mine")
    frame_of(screen, 1).evaluate("window.typed = 'half a refund'")
    show(screen, "CRM")
    customer(frame_of(screen), "Maria Silva")

    choose(screen, jonas)
    expect(state(screen, "CRM").get_by_role("status")).to_have_text("No crm on this contact.")
    expect(screen.locator("#dashboard-app--frame-0-0")).to_have_count(0)
    choose(screen, priya)
    customer(frame_of(screen), "Priya Nair")
    show(screen, "Mine")

    customer(frame_of(screen, 1), "Priya Nair")
    assert frame_of(screen, 1).evaluate("window.typed") == "half a refund"
    assert [path for path in orders.visits if "crm=" in path] == [
        "/chatwoot?crm=m%2F7%20%26x%3D1",
        "/chatwoot?crm=p-9",
    ]


def test_what_an_address_becomes_is_shown_while_it_is_typed(
    browser_page: Page, live: Server, desk: Desk, maria: str, sign_in: Callable[[Page, Person], None]
) -> None:
    sign_in(browser_page, desk.ada)
    visit(browser_page, f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps/new")
    endpoint = browser_page.get_by_label("Endpoint 1")

    endpoint.fill("https://crm.example/{{contact.custom_attributes.crm}}")

    expect(browser_page.locator("#made-addresses li")).to_have_text("https://crm.example/m%2F7%20%26x%3D1")
    expect(endpoint).to_be_focused()
