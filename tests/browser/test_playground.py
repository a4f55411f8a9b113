"""The playground in the running desk: the app shows what is typed, and the hostile twin gets nothing."""

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import complaints_light_and_dark
from tests.support.documents import site
from tests.support.screens import ready
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).parents[2] / "examples"
GRANTED = ["reply.insert", "labels.add", "attributes.set", "state.get", "state.set"]


@pytest.fixture
def hello(live: Server) -> Iterator[AppPages]:
    """The good twin, as its developer has put it up for this desk."""
    with app_pages() as pages:
        for file in (EXAMPLES / "hello").iterdir():
            pages.files[file.name] = file.read_text().replace("http://127.0.0.1:5000", live.url)
        yield pages


@pytest.fixture
def playground(browser_page: Page, desk: Desk, sign_in: Callable[[Page, Person], None]) -> str:
    sign_in(browser_page, desk.ada)
    return f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps/playground"


def test_what_is_typed_is_told_and_what_the_app_does_stays_on_the_page(
    browser_page: Page, playground: str, hello: AppPages
) -> None:
    asked = {"url": hello.url("index.html"), "format": "native", "sent": 1, "place": "tab", "width": "390"}
    looks = {"locale": "de", "theme": "light", "scopes": ["contact.basic", "conversation.basic"]}
    visit(browser_page, f"{playground}?{urlencode({**asked, **looks, 'actions': GRANTED}, doseq=True)}")
    app = browser_page.frame_locator("iframe")
    editor = browser_page.get_by_label("What is known, as JSON")
    expect(app.get_by_role("heading", name="Maria Silva")).to_be_visible()

    editor.fill(json.dumps({"conversation": {"id": 9, "status": "open"}, "contact": {"name": "Jonas Kühn"}}))
    browser_page.get_by_role("button", name="Send to the app").click()
    expect(app.get_by_role("heading", name="Jonas Kühn")).to_be_visible()
    app.get_by_role("button", name="Draft a greeting").click()
    expect(browser_page.get_by_label("Draft of the agent")).to_have_value("Hello Jonas Kühn, ")
    app.get_by_role("button", name="Label as vip").click()
    expect(app.get_by_role("status")).to_have_text("Labelled.")
    expect(editor).to_have_value(re.compile('"labels": \\[\n +"vip"'))
    browser_page.get_by_role("button", name="Inspect").click()
    inspector = browser_page.get_by_role("dialog", name="Inspector")
    inspector.get_by_role("button", name="Context").click()
    expect(inspector).to_contain_text("Jonas Kühn")
    inspector.get_by_role("button", name="Close").click()
    browser_page.get_by_text("Dark", exact=True).click()
    expect(app.locator("html")).to_have_attribute("data-theme", "dark")

    editor.fill('{"conversation": ')
    browser_page.get_by_role("button", name="Send to the app").click()
    expect(browser_page.get_by_role("alert")).to_have_text("Line 1, column 18: a value is missing.")
    expect(app.get_by_role("heading", name="Jonas Kühn")).to_be_visible()
    ready(browser_page)
    browser_page.get_by_role("button", name="Open", exact=True).click()
    expect(browser_page.get_by_text("Kept from before.")).to_be_visible()
    expect(editor).to_have_value('{"conversation": ')
    expect(app.get_by_role("heading", name="Maria Silva")).to_be_visible()
    assert complaints_light_and_dark(browser_page) == []


def test_the_hostile_twin_gets_nothing_and_its_score_stands_on_the_page(
    browser_page: Page, playground: str
) -> None:
    with site(EXAMPLES / "hostile") as twin:
        visit(browser_page, f"{playground}?{urlencode({'url': twin})}")

        card = browser_page.locator(".playground-score")
        expect(card).to_have_attribute("data-score", "0")
        expect(card).to_have_text(re.compile(r"^\s*(4[5-9]|[5-9]\d) attacks, none got through\.\s*$"))
        expect(browser_page).to_have_url(re.compile(f"{playground}\\?"))
        browser_page.get_by_label("Draft of the agent").fill("The page goes on.")
