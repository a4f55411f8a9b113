"""The listings for app developers, each in a page on another origin, inside a running desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.documents import DESK
from tests.support.documents import Listing
from tests.support.documents import listings_of
from tests.support.documents import site
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.frames import show
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

PAGE = CHECKOUT / "docs" / "app-developers.md"
SCRIPT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>An app</title><b id="customer">nobody yet</b>
<script>{}</script>
"""
LISTENERS = [
    listing
    for page in (PAGE, CHECKOUT / "docs" / "apps" / "sdk.md")
    for listing in listings_of(page)
    if (listing.language in {"html", "js"} and "appContext" in listing.text) or "format" in listing.options
]


@pytest.mark.attack(50)
@pytest.mark.parametrize("listing", LISTENERS, ids=str)
def test_a_listener_shows_each_customer_in_turn(
    live: Server,
    desk: Desk,
    browser_page: Page,
    sign_in: Callable[[Page, Person], None],
    tmp_path: Path,
    listing: Listing,
) -> None:
    with site(tmp_path) as address:
        write(listing, tmp_path, live)
        maria, jonas = make_conversations(
            live, desk, f"{address}/", listing.options.get("format", "chatwoot")
        )
        sign_in(browser_page, desk.bo)
        app = open_app(browser_page, desk, maria)
        expect(app.locator("#customer")).to_have_text("Maria Silva")

        browser_page.locator(f'[data-conversation="{jonas}"]').click()

        expect(app.locator("#customer")).to_have_text("Jonas Kühn")


def test_a_notification_is_shown_with_the_name_of_the_app(
    live: Server, desk: Desk, browser_page: Page, sign_in: Callable[[Page, Person], None], tmp_path: Path
) -> None:
    (listing,) = [each for each in listings_of(PAGE, "js") if "notification" in each.text]
    with site(tmp_path) as address:
        write(listing, tmp_path, live)
        maria, _ = make_conversations(live, desk, f"{address}/", "chatwoot")
        sign_in(browser_page, desk.bo)

        open_app(browser_page, desk, maria)

        toast = browser_page.locator("#toasts")
        expect(toast).to_contain_text("Hello")
        expect(toast).to_contain_text("Refund of € 42.00 sent")


def write(listing: Listing, folder: Path, live: Server) -> None:
    """A listing that is no whole page stands in one that has a place for the customer's name."""
    page = listing.text if listing.language == "html" else SCRIPT.format(listing.text)
    (folder / "index.html").write_text(page.replace(DESK, live.url), encoding="utf-8")


def make_conversations(live: Server, desk: Desk, url: str, form: str) -> tuple[int, int]:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        make_app(account, title="Hello", urls=(url,), format=form)
        maria, jonas = (
            make_conversation(inbox, contact=make_contact(account, name=name)).display_id
            for name in ("Maria Silva", "Jonas Kühn")
        )
    return maria, jonas


def open_app(screen: Page, desk: Desk, conversation: int) -> FrameLocator:
    visit(screen, f"/accounts/{desk.account_id}/conversations/{conversation}")
    show(screen, "Hello")
    return screen.frame_locator("iframe[title='Hello']")
