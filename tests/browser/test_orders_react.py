"""The example with React, as it was built: in the running desk, and in one that speaks as Chatwoot does."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.config import CHECKOUT
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.app_pages import app_pages
from tests.support.app_pages import chatwoot_desk
from tests.support.documents import DESK
from tests.support.documents import site
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.frames import show
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

BUILT = CHECKOUT / "examples" / "orders-react" / "dist"
GRANTED = ["reply.insert", "attributes.set"]


def put_up(folder: Path, *desks: str) -> None:
    """The built files as its developer puts them up for these desks."""
    shutil.copytree(BUILT, folder, dirs_exist_ok=True)
    page = folder / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace(DESK, " ".join(desks)), encoding="utf-8")


def test_it_shows_orders_drafts_a_reply_and_notes_the_order(
    browser_page: Page,
    live: Server,
    desk: Desk,
    sign_in: Callable[[Page, Person], None],
    tmp_path: Path,
) -> None:
    put_up(tmp_path, live.url)
    sign_in(browser_page, desk.bo)
    answers = iter([500])

    def answer(route: Route) -> None:
        status = next(answers, None)
        if status:
            route.fulfill(status=status)
        else:
            route.continue_()

    browser_page.route("**/orders.json", answer)
    with site(tmp_path) as address:
        with live.work():
            account = db.session.get_one(Account, desk.account_id)
            inbox = db.session.get_one(Inbox, desk.inbox_id)
            make_definition(account, "order", model="conversation_attribute", name="Order")
            make_app(account, title="Orders", urls=(f"{address}/",), format="native", actions=GRANTED)
            maria, kim = (
                make_conversation(inbox, contact=make_contact(account, name=name, email=email))
                for name, email in (("Maria Silva", "maria.silva@example.com"), ("Kim", None))
            )
            maria_id, display_id, other = maria.id, maria.display_id, kim.display_id
        visit(browser_page, f"/accounts/{desk.account_id}/conversations/{display_id}")
        show(browser_page, "Orders")
        app = browser_page.frame_locator("iframe[title=Orders]")
        lantern = app.get_by_role("listitem").filter(has_text="Lantern set")

        expect(app.get_by_role("heading", name="Maria Silva")).to_be_visible()
        expect(app.get_by_role("heading", name="Orders cannot be loaded")).to_be_visible()
        app.get_by_role("button", name="Try again").click()
        lantern.get_by_role("button", name="Draft a reply").click()
        expect(browser_page.get_by_role("textbox", name="Message", exact=True)).to_have_value(
            "Hello Maria Silva, about your order NL-2207 (Lantern set, brass): "
        )
        lantern.get_by_role("button", name="It is about this one").click()
        expect(lantern.get_by_role("button", pressed=True)).to_be_visible()
        browser_page.evaluate("document.documentElement.dataset.theme = 'dark'")
        expect(app.locator("html")).to_have_attribute("data-theme", "dark")

        browser_page.locator(f'[data-conversation="{other}"]').click()
        expect(app.get_by_role("heading", name="Kim")).to_be_visible()
        expect(app.get_by_role("heading", name="No orders yet")).to_be_visible()
        with live.work():
            assert db.session.get_one(Conversation, maria_id).custom_attributes == {"order": "NL-2207"}


def test_in_a_desk_that_speaks_chatwoots_protocol_it_has_no_buttons(
    browser_page: Page, live: Server, tmp_path: Path
) -> None:
    told = {
        "conversation": {"id": 7, "status": "open"},
        "contact": {"id": 1, "name": "Jonas Kühn", "email": "jonas.kuehn@example.com"},
        "currentAgent": {"id": 2},
    }
    with app_pages("localhost") as other, site(tmp_path) as address:
        put_up(tmp_path, live.url, other.origin)
        other.files["desk"] = chatwoot_desk(f"{address}/", told)
        browser_page.goto(other.url("desk"))
        app = browser_page.frame_locator("iframe")

        expect(app.get_by_role("listitem")).to_contain_text("Desk lamp, oak")
        expect(app.get_by_text("conversation 7, open")).to_be_visible()
        expect(app.get_by_role("button")).to_have_count(0)
