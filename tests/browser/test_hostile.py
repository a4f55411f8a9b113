"""The app that tries what no app should get away with: nothing gets through, and the desk stays usable."""

import re
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.documents import site
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

TWIN = Path(__file__).parents[2] / "examples" / "hostile"


@pytest.fixture
def twin() -> Iterator[str]:
    with site(TWIN) as address:
        yield address


def test_nothing_gets_through(
    live: Server, desk: Desk, browser_page: Page, sign_in: Callable[[Page, Person], None], twin: str
) -> None:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        make_app(account, title="Twin", urls=(twin,), format="auto")
        conversation = make_conversation(db.session.get_one(Inbox, desk.inbox_id))
        conversation_id, number = conversation.id, conversation.display_id
    sign_in(browser_page, desk.bo)
    address = f"/accounts/{desk.account_id}/conversations/{number}"
    visit(browser_page, address)

    browser_page.get_by_role("tab", name="Twin").click()

    card = browser_page.frame_locator("iframe")
    expect(card.locator("#score")).to_have_text(re.compile("got through"), timeout=60_000)
    assert card.locator("[data-through]").all_inner_texts() == []
    tried = int(re.search(r"of (\d+)", card.locator("#score").inner_text())[1])
    assert tried >= 45  # the port was among it
    card.get_by_role("button", name="Flood the desk").click()
    expect(browser_page.get_by_text("Twin did not stop sending messages")).to_be_visible()
    expect(browser_page).to_have_url(re.compile(f"{address}$"))
    box = browser_page.get_by_role("textbox", name="Message")
    expect(box).to_have_value("")
    box.fill("The desk goes on.")
    browser_page.keyboard.press("Control+Enter")
    expect(browser_page.locator(".message .bubble").last).to_have_text("The desk goes on.")
    with live.work():
        untouched = db.session.get_one(Conversation, conversation_id)
        assert (untouched.labels, untouched.status, untouched.contact.custom_attributes) == ([], "open", {})
