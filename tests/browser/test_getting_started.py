"""The five minutes for app developers, as they are read: the page, its server, the import, a look."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.documents import DESK
from tests.support.documents import listings_of
from tests.support.documents import serving
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.frames import show
from tests.support.screens import visit
from tests.support.screens import visit_by
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server
from tests.support.servers import free_port

pytestmark = pytest.mark.browser

PAGE = CHECKOUT / "docs" / "apps" / "getting-started.md"


def test_the_page_is_served_added_and_drafts_a_greeting(
    browser_page: Page,
    live: Server,
    desk: Desk,
    sign_in: Callable[[Page, Person], None],
    tmp_path: Path,
) -> None:
    page, command, manifest = listings_of(PAGE)
    port = str(free_port())
    (tmp_path / "hello").mkdir()
    (tmp_path / "hello" / "index.html").write_text(page.text.replace(DESK, live.url), encoding="utf-8")
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        maria, jonas = (
            make_conversation(inbox, contact=make_contact(account, name=name)).display_id
            for name in ("Maria Silva", "Jonas Kühn")
        )
    home = f"/accounts/{desk.account_id}"
    apps = f"{home}/settings/integrations/dashboard-apps"
    sign_in(browser_page, desk.ada)

    with serving(command.text.replace("8010", port), tmp_path):
        visit(browser_page, apps)
        visit_by(browser_page, browser_page.get_by_role("link", name="Import"), f"**{apps}/import")
        browser_page.get_by_label("Or its text").fill(manifest.text.replace("8010", port))
        browser_page.get_by_role("button", name="Look at it").click()
        expect(browser_page.get_by_text("It would be allowed: reply.insert.")).to_be_visible()
        visit_by(browser_page, browser_page.get_by_role("button", name="Add what is ticked"), f"**{apps}")

        visit(browser_page, f"{home}/conversations/{maria}")
        show(browser_page, "Hello")
        app = browser_page.frame_locator("iframe[title=Hello]")
        expect(app.get_by_role("heading", name="Maria Silva")).to_be_visible()
        expect(app.get_by_text(f"Conversation {maria}, open")).to_be_visible()
        app.get_by_role("button", name="Draft a greeting").click()
        expect(browser_page.get_by_role("textbox", name="Message", exact=True)).to_have_value(
            "Hello Maria Silva, "
        )
        expect(browser_page.get_by_text("Inserted by Hello")).to_be_visible()

        browser_page.locator(f'[data-conversation="{jonas}"]').click()
        expect(app.get_by_role("heading", name="Jonas Kühn")).to_be_visible()
