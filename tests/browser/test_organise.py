"""Sorting and noting in a real browser: attributes beside the thread, labels, snoozing, muting, contacts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.contacts.models import Contact
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.axe import complaints
from tests.support.contexts import unpacked
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_label
from tests.support.factories import make_message
from tests.support.factories import make_user
from tests.support.screens import visit
from tests.support.screens import visit_by
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, Person], None]


@pytest.fixture
def maria(live: Server, desk: Desk) -> int:
    """Maria has written; the desk has a label and two attributes. Her number, as a contact."""
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        contact = make_contact(account, name="Maria Silva")
        make_contact(account, name="M. Silva", phone_number="+351912345678")
        make_message(make_conversation(db.session.get_one(Inbox, desk.inbox_id), contact=contact))
        make_label(account, "billing", color="#e5484d")
        make_definition(account, "order", name="Order", regex_pattern="^[0-9]+$", regex_cue="Digits only.")
        make_definition(account, "vip", name="VIP", kind="checkbox")
        return contact.id


def test_what_is_filled_in_beside_the_thread_stands_there_and_is_told_to_apps(
    browser_page: Page, live: Server, desk: Desk, sign_in: SignIn, maria: int
) -> None:
    page = browser_page
    sign_in(page, desk.bo)
    visit(page, f"/accounts/{desk.account_id}/conversations/1")
    page.evaluate("window.stayed = true")

    page.get_by_role("link", name="Edit: Attributes", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Order").fill("twelve")
    dialog.get_by_label("VIP").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".field-error")).to_have_text("Digits only.")
    expect(dialog.get_by_label("Order")).to_have_value("twelve")
    assert complaints(page) == []
    dialog.get_by_label("Order").fill("12")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_have_count(0)
    expect(page.locator("#facts-1")).to_contain_text("VIPYes")
    page.wait_for_function("document.getElementById('app-context').textContent.includes('vip')")
    told = unpacked(page.locator("#app-context").text_content() or "")["data"]
    assert told["contact"]["custom_attributes"] == {"order": "12", "vip": True}
    assert [each["attribute_key"] for each in told["customAttributes"]] == ["order", "vip"]
    assert page.evaluate("window.stayed")


def test_a_conversation_is_labelled_found_by_it_snoozed_and_muted(
    browser_page: Page, live: Server, desk: Desk, sign_in: SignIn, maria: int
) -> None:
    page = browser_page
    sign_in(page, desk.bo)
    visit(page, f"/accounts/{desk.account_id}/conversations/1")

    page.get_by_role("button", name="Labels: none").click()
    page.get_by_role("checkbox", name="billing").check()
    expect(page.locator("#row-1 .tag circle")).to_have_attribute("fill", "#e5484d")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Status: Open").click()
    page.get_by_role("link", name="billing", exact=True).click()
    page.wait_for_url("**label=billing*")
    expect(page.locator("#row-1")).to_be_visible()

    page.get_by_role("button", name="Snooze").click()
    page.get_by_role("button", name="Until the next reply").click()
    expect(page.locator("#head-1 .badge")).to_have_text("Snoozed until the next reply")
    page.get_by_role("button", name="More states").click()
    page.get_by_role("button", name="Mute").click()
    expect(page.locator("#facts-1")).to_contain_text("Blocked")
    expect(page.locator("#log-1")).to_contain_text("has muted the conversation")


def test_a_contact_is_sought_noted_about_and_merged(
    browser_page: Page, live: Server, desk: Desk, sign_in: SignIn, maria: int
) -> None:
    page = browser_page
    sign_in(page, desk.bo)
    visit(page, f"/accounts/{desk.account_id}/conversations")
    visit_by(page, page.get_by_role("link", name="Contacts"), "**/contacts")
    page.get_by_role("searchbox").fill("maria")
    expect(page.locator("#contacts-found tbody tr")).to_have_count(1)
    assert complaints(page) == []
    visit_by(page, page.get_by_role("link", name="Maria Silva"), f"**/contacts/{maria}")

    page.get_by_label("New note").fill("Calls in the morning.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".note")).to_contain_text("Calls in the morning.")
    assert complaints(page) == []

    visit_by(page, page.get_by_role("link", name="Merge"), "**/merge")
    page.get_by_role("searchbox").fill("silva")
    page.get_by_role("link", name="M. Silva").click()
    expect(page.get_by_role("row", name="Phone")).to_contain_text("+351912345678")
    page.get_by_role("button", name="Merge the two").click()
    expect(page.get_by_label("Phone")).to_have_value("+351912345678")
    with live.work():
        assert db.session.get_one(Contact, maria).phone_number == "+351912345678"


OUT_OF_REACH = """() => [...document.querySelectorAll("main :is(a, button, select, input)")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const edge = (each.closest(".table-box") ?? document.body).getBoundingClientRect().right;
    return each.getBoundingClientRect().right > edge;
  })
  .map((each) => each.outerHTML)"""


def test_long_names_leave_everything_in_reach(
    browser_page: Page, live: Server, desk: Desk, sign_in: SignIn, maria: int
) -> None:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        endless = "a-label-that-somebody-thought-was-a-good-idea-and-nobody-shortened"
        make_label(account, endless)
        db.session.get_one(Contact, maria).labels = [endless]
        make_user(
            account, name="Wolfeschlegelsteinhausenbergerdorff " * 3, email=f"{'w' * 60}@{'w' * 60}.example"
        )
    page = browser_page
    sign_in(page, desk.ada)

    for path in ("contacts", "settings/agents", "settings/labels"):
        for width in (390, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            visit(page, f"/accounts/{desk.account_id}/{path}")
            assert page.evaluate(OUT_OF_REACH) == [], (path, width)
