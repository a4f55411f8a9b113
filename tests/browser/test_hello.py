"""The example on the SDK: beside a conversation of the running desk, and where only Chatwoot is spoken."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.app_pages import chatwoot_desk
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_label
from tests.support.frames import show
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "hello"
GRANTED = ["reply.insert", "labels.add", "attributes.set", "state.get", "state.set"]


@contextmanager
def served(live: Server, *others: str) -> Iterator[AppPages]:
    """The example as its developer has put it up, for this desk and others."""
    with app_pages() as pages:
        for file in EXAMPLE.iterdir():
            text = file.read_text().replace("http://127.0.0.1:5000", live.url)
            pages.files[file.name] = text.replace("OTHERS = []", f"OTHERS = {json.dumps(others)}")
        yield pages


@pytest.fixture
def conversation(live: Server, desk: Desk) -> int:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        make_definition(account, "plan")
        make_label(account, "vip")
        contact = make_contact(account, name="Maria Silva")
        return make_conversation(db.session.get_one(Inbox, desk.inbox_id), contact=contact).id


def test_it_shows_drafts_labels_sets_and_keeps(
    browser_page: Page, live: Server, desk: Desk, conversation: int, sign_in: Callable[[Page, Person], None]
) -> None:
    sign_in(browser_page, desk.bo)
    with served(live) as pages:
        with live.work():
            account = db.session.get_one(Account, desk.account_id)
            make_app(
                account, title="Hello", urls=(pages.url("index.html"),), format="native", actions=GRANTED
            )
            display_id = db.session.get_one(Conversation, conversation).display_id
        address = f"/accounts/{desk.account_id}/conversations/{display_id}"
        visit(browser_page, address)
        show(browser_page, "Hello")
        app = browser_page.frame_locator("iframe[title=Hello]")

        expect(app.get_by_role("heading", name="Maria Silva")).to_be_visible()
        app.get_by_role("button", name="Draft a greeting").click()
        expect(browser_page.get_by_role("textbox", name="Message", exact=True)).to_have_value(
            "Hello Maria Silva, "
        )
        expect(browser_page.get_by_text("Inserted by Hello")).to_be_visible()
        app.get_by_role("button", name="Label as vip").click()
        expect(app.get_by_role("status")).to_have_text("Labelled.")
        app.get_by_role("button", name="Plan: gold").click()
        expect(app.get_by_role("status")).to_have_text("Saved.")
        app.get_by_label("For yourself").fill("ask about the second shop")
        app.get_by_role("heading").click()
        expect(app.get_by_role("status")).to_have_text("Kept.")

        visit(browser_page, address)
        expect(app.get_by_label("For yourself")).to_have_value("ask about the second shop")
        with live.work():
            row = db.session.get_one(Conversation, conversation)
            assert (row.labels, row.contact.custom_attributes) == (["vip"], {"plan": "gold"})


def test_the_same_files_run_in_a_desk_that_speaks_chatwoots_protocol(
    browser_page: Page, live: Server
) -> None:
    told: dict[str, Any] = {
        "conversation": {"id": 7, "status": "open"},
        "contact": {"id": 1, "name": "Jonas Kühn"},
        "currentAgent": {"id": 2},
    }
    with app_pages("localhost") as other, served(live, other.origin) as pages:
        other.files["desk"] = chatwoot_desk(pages.url("index.html"), told)
        browser_page.goto(other.url("desk"))
        app = browser_page.frame_locator("iframe")

        expect(app.get_by_role("heading", name="Jonas Kühn")).to_be_visible()
        app.get_by_role("button", name="Draft a greeting").click()
        expect(app.get_by_role("status")).to_have_text("This desk does not know reply.insert.")
