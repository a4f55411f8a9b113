"""A day without the mouse: the palette, single keys, several rows at once, and search."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.screens import visit
from tests.support.screens import visit_by
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

NAMES = ("Priya Nair", "Jonas Kühn", "Maria Silva")


@pytest.fixture
def screen(browser_page: Page, live: Server, desk: Desk, sign_in: Callable[[Page, Person], None]) -> Page:
    """Bo's browser on a list of three."""
    with live.work():
        inbox, account = (
            db.session.get_one(Inbox, desk.inbox_id),
            db.session.get_one(Account, desk.account_id),
        )
        for name in NAMES:
            conversation = make_conversation(inbox, contact=make_contact(account, name=name))
            make_message(conversation, f"Hello, this is {name} about my café order")
    sign_in(browser_page, desk.bo)
    visit(browser_page, f"/accounts/{desk.account_id}/conversations")
    return browser_page


def test_the_palette_finds_and_does(screen: Page) -> None:
    palette = screen.get_by_role("dialog", name="Command palette")
    chosen = palette.get_by_role("option", selected=True)

    screen.keyboard.press("Control+k")
    expect(palette.get_by_role("combobox")).to_be_focused()
    expect(palette.get_by_role("option", name="Search", exact=True)).to_be_visible()
    expect(palette.get_by_role("option", name="Resolve", exact=True)).to_be_hidden()
    screen.keyboard.type("jonas")
    expect(chosen).to_contain_text("Jonas Kühn")
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Jonas Kühn")
    expect(palette).to_be_hidden()

    screen.keyboard.press("Control+k")
    screen.keyboard.type("assign me")
    expect(chosen).to_have_text("Assign to me")
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("log")).to_contain_text("self-assigned this conversation")
    screen.keyboard.press("Control+k")
    screen.keyboard.type("dark")
    expect(chosen).to_have_text("Dark theme")
    screen.keyboard.press("Enter")
    expect(screen.locator("html")).to_have_attribute("data-theme", "dark")


def test_single_keys_work_unless_somebody_types(screen: Page) -> None:
    screen.keyboard.press("j")
    screen.keyboard.press("j")
    expect(screen.get_by_role("link", name=re.compile("Jonas"))).to_be_focused()
    screen.keyboard.press("k")
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Maria Silva")

    screen.keyboard.press("n")
    box = screen.get_by_role("textbox", name="Message")
    expect(box).to_be_focused()
    screen.keyboard.type("jeer?")
    expect(box).to_have_value("jeer?")
    expect(screen.get_by_role("radio", name="Private note")).to_be_checked()
    screen.keyboard.press("Escape")
    screen.keyboard.press("e")
    expect(screen.get_by_role("log")).to_contain_text("marked resolved")
    screen.keyboard.press("?")
    expect(screen.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Next conversation")
    screen.keyboard.press("Escape")
    screen.keyboard.press("/")
    expect(screen.get_by_role("searchbox")).to_be_focused()


def test_several_rows_are_resolved_at_once(screen: Page) -> None:
    boxes = screen.get_by_role("checkbox", name=re.compile("^Select .+#"))
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(screen.locator("#bulk")).to_contain_text("3 selected")
    boxes.nth(1).uncheck()
    expect(screen.locator("#bulk")).to_contain_text("2 selected")

    screen.locator("#bulk").get_by_role("button", name="Add a label").click()
    screen.get_by_role("dialog").get_by_label("New label").fill("vip")
    screen.keyboard.press("Enter")
    expect(screen.locator(".toast")).to_contain_text("2 conversations are changed.")
    expect(screen.locator(".row .tag")).to_have_count(2)
    expect(screen.locator("#bulk")).to_be_hidden()

    boxes.nth(0).check()
    screen.get_by_role("checkbox", name="Select all that are shown").check()
    screen.locator("#bulk").get_by_role("button", name="Resolve").click()
    expect(screen.get_by_text("All done")).to_be_visible()


def test_search_follows_what_is_typed_and_leads_to_the_message(screen: Page) -> None:
    visit_by(screen, screen.get_by_role("link", name="Search"), "**/search")
    expect(screen.get_by_role("searchbox")).to_be_focused()
    screen.keyboard.type("CAFE jo")
    expect(screen.locator("mark")).to_have_text(["Jonas", "café"])
    expect(screen).to_have_url(re.compile(r"q=CAFE"))

    screen.get_by_role("link", name=re.compile("about my café order")).click()
    expect(screen).to_have_url(re.compile(r"/conversations/\d+\?message=\d+$"))
    expect(screen.get_by_role("heading", level=1)).to_have_text("Jonas Kühn")
