"""An app with a server of its own is opened with a signed token, in Chromium: its server knows by whom."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.frames import show
from tests.support.frames import state
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server
from tests.support.verifiers import own_origin
from tests.support.verifiers import running

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("launch", ["post", "query"])
def test_an_app_knows_by_whom_it_is_opened_and_by_whom_it_is_reloaded(
    browser_page: Page,
    sign_in: Callable[[Page, Person], None],
    live: Server,
    desk: Desk,
    tmp_path: Path,
    launch: str,
) -> None:
    origin = own_origin()
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        client_id = make_app(account, title="Orders", urls=(f"{origin}/?v=2#top",), launch=launch).client_id
        maria = make_conversation(db.session.get_one(Inbox, desk.inbox_id)).display_id
    sign_in(browser_page, desk.bo)

    with running("flask", tmp_path, desk=live.url, client_id=client_id, origin=origin):
        visit(browser_page, f"/accounts/{desk.account_id}/conversations/{maria}")
        show(browser_page, "Orders")
        frame = browser_page.frame_locator("#dashboard-app--frame-0-0")
        expect(frame.locator("#agent")).to_have_text(desk.bo.email)
        expect(state(browser_page, "Orders")).to_have_attribute("data-state", "ready")

        # a token is good for one use: were it sent again, the app would show nobody
        frame.locator("body").evaluate("(body) => { body.dataset.old = '' }")
        state(browser_page, "Orders").get_by_role("button", name="Reload").click()
        expect(frame.locator("body:not([data-old]) #agent")).to_have_text(desk.bo.email)
        assert "desk_token" not in str(frame.locator("body").evaluate("() => window.name"))
