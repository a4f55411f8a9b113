"""Apps that are told less, or not everywhere, or not any more: what their frames hear in the running desk."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import change_app
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.routing import change_status
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.frames import customer
from tests.support.frames import frame_of
from tests.support.frames import received
from tests.support.frames import show
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

FIVE_SECONDS = 5000
IS_OPEN = {"field": "conversation.status", "test": "equals", "value": "open"}
HAS_CRM = {"field": "contact.custom_attributes.crm_id", "test": "exists"}


@pytest.fixture
def somewhere() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


@pytest.fixture
def people(live: Server, desk: Desk) -> tuple[int, int]:
    """The numbers of two conversations: with Maria, whom the CRM knows, and with Jonas."""
    with live.work():
        inbox, account = (
            db.session.get_one(Inbox, desk.inbox_id),
            db.session.get_one(Account, desk.account_id),
        )
        known = make_contact(
            account, name="Maria Silva", phone_number="+351910", custom_attributes={"crm_id": 7}
        )
        maria, jonas = (
            make_conversation(inbox, contact=known),
            make_conversation(inbox, contact=make_contact(account, name="Jonas")),
        )
        make_message(maria, "A secret of Maria's")
        return maria.display_id, jonas.display_id


@pytest.fixture
def screen(browser_page: Page, desk: Desk, sign_in: Callable[[Page, Person], None]) -> Page:
    sign_in(browser_page, desk.bo)
    return browser_page


def add_app(live: Server, desk: Desk, url: str, **fields: Any) -> int:
    with live.work():
        return make_app(db.session.get_one(Account, desk.account_id), urls=(url,), **fields).id


@pytest.mark.attack(22)
def test_an_app_hears_no_more_than_it_may_and_only_where_it_is_for(
    live: Server, desk: Desk, people: tuple[int, int], screen: Page, somewhere: AppPages
) -> None:
    maria, jonas = people
    app_id = add_app(
        live, desk, somewhere.url("/chatwoot"), scopes=["contact.basic"], conditions=[HAS_CRM, IS_OPEN]
    )
    tab = screen.locator(f"[data-app-tab='{app_id}']")
    contact = screen.get_by_role("complementary").get_by_role("tab", name="Contact")
    visit(screen, f"/accounts/{desk.account_id}/conversations/{maria}")
    show(screen, "Orders")
    frame = frame_of(screen)
    customer(frame, "Maria Silva")

    screen.locator(f"[data-conversation='{jonas}']").click()
    expect(tab).to_be_hidden()
    expect(contact).to_have_attribute("aria-selected", "true")
    frame.evaluate("ask()")  # a hidden frame is answered too, but not here
    screen.locator(f"[data-conversation='{maria}']").click()
    expect(tab).to_have_attribute("aria-selected", "true")

    with live.work():
        _set_status(desk, maria, "resolved")
    expect(tab).to_be_hidden()
    with live.work():
        _set_status(desk, maria, "open")
    expect(tab).to_have_attribute("aria-selected", "true")
    assert "A secret" not in json.dumps(received(frame))
    with live.work():
        change_app(db.session.get_one(DashboardApp, app_id), scopes=["contact.basic", "messages"], actor=None)
    frame.wait_for_function("received.some(({data}) => data.includes('A secret'))")
    written = json.dumps(received(frame))
    for kept_back in ("+351910", "crm_id", "Jonas", desk.bo.email):
        assert kept_back not in written


@pytest.mark.attack(6)
def test_two_apps_of_one_origin_each_hear_only_what_is_theirs(
    live: Server, desk: Desk, people: tuple[int, int], screen: Page, somewhere: AppPages
) -> None:
    scopes = {"Orders": ["contact.basic"], "Bills": ["contact.private", "messages"]}
    for title, chosen in scopes.items():
        add_app(live, desk, somewhere.url("/chatwoot"), title=title, scopes=chosen)
    visit(screen, f"/accounts/{desk.account_id}/conversations/{people[0]}")

    told = {}
    for position, title in enumerate(scopes):
        show(screen, title)
        frame = frame_of(screen, position)
        frame.evaluate("ask()")
        frame.wait_for_function("received.length > 1")
        told[title] = json.dumps(received(frame))

    planted = ("Maria Silva", "+351910", "A secret")
    assert [word in told["Orders"] for word in planted] == [True, False, False]
    assert [word in told["Bills"] for word in planted] == [False, True, True]


@pytest.mark.attack(21)
def test_an_app_that_is_paused_is_gone_at_once_where_it_is_open(
    live: Server, desk: Desk, people: tuple[int, int], screen: Page, somewhere: AppPages
) -> None:
    app_id = add_app(live, desk, somewhere.url("/chatwoot"))
    visit(screen, f"/accounts/{desk.account_id}/conversations/{people[0]}")
    show(screen, "Orders")
    customer(frame_of(screen), "Maria Silva")

    with live.work():
        change_app(db.session.get_one(DashboardApp, app_id), state="paused", actor=None)

    expect(screen.locator("#frame-shelf iframe")).to_have_count(0, timeout=FIVE_SECONDS)
    expect(screen.locator(f"[data-app-tab='{app_id}'], [data-app-slot='{app_id}']")).to_have_count(0)
    expect(screen.get_by_role("complementary").get_by_role("tab", selected=True)).to_have_text("Contact")


def test_ticking_a_box_shows_what_the_app_will_see(
    live: Server,
    desk: Desk,
    people: tuple[int, int],
    browser_page: Page,
    sign_in: Callable[[Page, Person], None],
) -> None:
    app_id = add_app(live, desk, "https://app.example.com/", scopes=["contact.basic"])
    sign_in(browser_page, desk.ada)
    visit(browser_page, f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps/{app_id}/edit")
    kept_back = browser_page.locator("#app-preview s")
    browser_page.get_by_label("Conversation number").fill(str(people[0]))
    browser_page.get_by_role("button", name="Show", exact=True).click()
    expect(kept_back.filter(has_text="+351910")).to_have_count(1)

    browser_page.get_by_role("checkbox", name="How to reach the contact").check()

    expect(kept_back.filter(has_text="+351910")).to_have_count(0)
    expect(browser_page.locator("#app-preview")).to_contain_text("+351910")
    assert complaints_light_and_dark(browser_page) == []


def _set_status(desk: Desk, number: int, status: str) -> None:
    found = db.session.scalars(
        db.select(Conversation).filter_by(account_id=desk.account_id, display_id=number)
    ).one()
    change_status(found, to=status, actor=db.session.get_one(User, desk.ada.id))
