"""What all pages share, by mouse and by keyboard: menu, theme, dialog, toasts; and none of it past AA."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.support.axe import complaints_light_and_dark
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person

pytestmark = pytest.mark.browser
SignIn = Callable[[Page, Person], None]


@pytest.fixture
def agents_page(browser_page: Page, sign_in: SignIn, desk: Desk) -> Page:
    """Ada looks at her agents."""
    sign_in(browser_page, desk.ada)
    visit(browser_page, f"/accounts/{desk.account_id}/settings/agents")
    return browser_page


def test_the_menu_works_by_keyboard_alone(agents_page: Page) -> None:
    me = agents_page.get_by_role("button", name="Your menu")
    menu = agents_page.locator("#me")

    me.press("ArrowDown")
    expect(menu.get_by_role("button", name="Online")).to_be_focused()
    agents_page.keyboard.press("End")
    expect(menu.get_by_role("button", name="Sign out")).to_be_focused()
    agents_page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="Online")).to_be_focused()
    agents_page.keyboard.press("Escape")

    expect(menu).to_be_hidden()
    expect(me).to_be_focused()


def test_a_theme_is_there_at_once_and_stays(agents_page: Page) -> None:
    agents_page.get_by_role("button", name="Your menu").click()
    with agents_page.expect_response("**/theme") as told:
        agents_page.locator("#me").get_by_role("button", name="Dark").click()

    expect(agents_page.locator("html")).to_have_attribute("data-theme", "dark")
    assert told.value.status == 204
    agents_page.reload()
    expect(agents_page.locator("html")).to_have_attribute("data-theme", "dark")
    assert agents_page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_confirmation_names_who_goes_and_gives_the_focus_back(agents_page: Page, desk: Desk) -> None:
    row = agents_page.locator("tr", has_text=desk.cy.email)
    remove = row.locator("a[aria-haspopup=dialog]")
    dialog = agents_page.get_by_role("dialog", name=desk.cy.name)

    remove.click()
    expect(dialog.get_by_role("textbox")).to_be_focused()
    dialog.get_by_role("link", name="Cancel").press("Enter")
    expect(dialog).to_be_hidden()
    expect(remove).to_be_focused()

    remove.click()
    dialog.get_by_label(f"Type {desk.cy.name} to confirm").fill(desk.cy.name)
    dialog.get_by_role("button", name="Remove the agent").click()

    expect(agents_page.locator(".toast")).to_contain_text(desk.cy.name)
    expect(row).to_have_count(0)


def test_an_inbox_goes_only_once_its_name_is_typed(agents_page: Page, desk: Desk) -> None:
    visit(agents_page, f"/accounts/{desk.account_id}/settings/inboxes")
    agents_page.locator("main a[aria-haspopup=dialog]").first.click()
    dialog = agents_page.get_by_role("dialog")
    name = dialog.get_by_role("textbox")
    submit = dialog.locator("[type=submit]")

    expect(name).to_be_focused()
    expect(submit).to_be_disabled()
    name.fill("another")
    expect(submit).to_be_disabled()
    name.fill(dialog.locator("form").get_attribute("data-name") or "")
    submit.click()

    expect(agents_page.locator(".toast")).to_be_visible()
    expect(dialog).to_be_hidden()


def test_a_request_that_fails_says_so_and_leaves_the_page_alone(agents_page: Page) -> None:
    agents_page.route("**/removal", lambda route: route.abort())
    agents_page.locator("a[aria-haspopup=dialog]").last.click()
    toast = agents_page.locator(".toast", has_text="cannot be reached")

    expect(toast).to_be_visible()
    expect(agents_page.get_by_role("heading", level=1)).to_have_text("Agents")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_is_cut_off_and_axe_finds_nothing(agents_page: Page, width: int) -> None:
    agents_page.set_viewport_size({"width": width, "height": 900})

    for path in (agents_page.url, "/profile"):
        visit(agents_page, path)
        assert agents_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert complaints_light_and_dark(agents_page) == []


def test_on_a_phone_the_menu_is_a_page_and_leads_back(agents_page: Page) -> None:
    agents_page.set_viewport_size({"width": 390, "height": 844})
    menu = agents_page.get_by_role("navigation", name="Settings")

    expect(menu).to_be_hidden()
    agents_page.get_by_role("link", name="All settings").click()
    expect(menu).to_be_visible()
    agents_page.get_by_role("link", name="Close the menu").click()
    expect(menu).to_be_hidden()
    agents_page.go_back()
    menu.get_by_role("link", name="Profile").click()
    expect(agents_page.get_by_role("heading", level=1)).to_have_text("Profile")
