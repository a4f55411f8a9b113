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

# What the app in the frame asks of its own server, with a token that it has from the desk.
ASK = """async (_, desk_url) => {
  const {connect} = await import(`${desk_url}/sdk/v1.js`);
  const desk = await connect({host: desk_url, fallback: false});
  const answer = await fetch("/orders", {headers: {Authorization: `Bearer ${await desk.token()}`}});
  return [answer.status, (await answer.json()).customer, desk.context.contact.id];
}"""


@pytest.mark.parametrize("launch", ["post", "query"])
def test_an_app_knows_by_whom_it_is_opened_reloaded_and_asked(
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
        about = {"urls": (f"{origin}/?v=2#top",), "launch": launch, "actions": ["token.get"]}
        client_id = make_app(account, title="Orders", **about).client_id
        conversation = make_conversation(db.session.get_one(Inbox, desk.inbox_id))
        maria, customer = conversation.display_id, conversation.contact_id
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

        assert frame.locator("body").evaluate(ASK, live.url) == [200, customer, customer]
