"""A customer on the example chat and an agent at the desk talk to each other, and neither has to reload."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.axe import complaints_light_and_dark
from tests.support.documents import site
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def customer(browser: Browser, live: Server, desk: Desk) -> Iterator[Page]:
    """A phone with the chat open, which comes from another origin than the desk."""
    with live.work():
        identifier = db.session.get_one(Inbox, desk.inbox_id).identifier
    with site(CHECKOUT / "examples" / "chat") as address:
        context = browser.new_context(
            viewport={"width": 390, "height": 780}, locale="en-GB", reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{address}/?desk={live.url}&inbox={identifier}")
        yield page
        context.close()


def arrive(customer: Page) -> None:
    expect(customer.get_by_role("heading", name="Website")).to_be_visible()
    customer.get_by_label("Your name").fill("Zoe Quinn")
    customer.get_by_label("E-mail").fill("zoe@example.com")
    customer.get_by_role("button", name="Start the chat").click()
    expect(customer.locator("#chat")).to_have_attribute("data-connection", "online")


def write(customer: Page, text: str) -> None:
    customer.get_by_label("Your message").fill(text)
    customer.get_by_label("Your message").press("Enter")


def customer_types(customer: Page, line: Locator) -> None:
    """The agent sees it, until the customer stops: told so when it has been seen, however long that takes."""
    told_of_end: list[Route] = []
    path = "**/toggle_typing"
    customer.route(
        path,
        lambda route: route.continue_() if '"on"' in route.request.post_data else told_of_end.append(route),
    )
    customer.get_by_label("Your message").press_sequentially("And")
    expect(line).to_have_text("Zoe Quinn is typing…")
    customer.unroute(path)
    for route in told_of_end:
        route.continue_()
    expect(line).to_have_text("")
    customer.get_by_label("Your message").clear()


def test_a_customer_and_an_agent_talk(
    customer: Page, browser_page: Page, desk: Desk, live: Server, sign_in: Callable[[Page, Person], None]
) -> None:
    arrive(customer)
    write(customer, "Where is my lamp?")
    mine = customer.locator(".message[data-mine]")
    expect(mine).to_have_count(1)
    expect(mine).not_to_have_attribute("data-pending", "")

    sign_in(browser_page, desk.bo)
    with browser_page.expect_response("**/conversations/1/seen"):
        visit(browser_page, f"/accounts/{desk.account_id}/conversations/1")
    expect(browser_page.get_by_role("log")).to_contain_text("Where is my lamp?")
    expect(browser_page.locator(".live-state[data-connected]")).to_be_attached()
    customer_types(customer, browser_page.locator(".typing"))
    browser_page.locator("textarea[name=content]").press_sequentially("On its way, Zoe.")
    expect(mine).to_contain_text("Seen")
    browser_page.get_by_role("button", name="Send", exact=False).first.click()
    expect(customer.get_by_role("log")).to_contain_text("On its way, Zoe.")
    expect(customer.get_by_role("log")).to_contain_text("Bo Agent")
    expect(browser_page.locator("article", has_text="On its way, Zoe.")).to_contain_text("Read")

    api = live.api(desk.bo.token)
    here = f"/api/v1/accounts/{desk.account_id}/conversations/1"
    ada = live.api(desk.ada.token)
    ada.post(f"{here}/toggle_typing_status", {"typing_status": "on", "is_private": False})
    expect(customer.locator("#typing")).to_have_text("Ada Admin is typing…")
    ada.post(f"{here}/messages", {"content": "Only among us", "private": True})
    ada.post(f"{here}/messages", {"content": "<b>**Tomorrow**</b>"})
    expect(customer.get_by_role("log")).to_contain_text("<b>Tomorrow</b>")
    expect(customer.locator("#typing")).to_be_empty()
    expect(customer.get_by_role("log")).not_to_contain_text("Only among us")

    customer.locator("#picker").set_input_files(
        {"name": "lamp.txt", "mimeType": "text/plain", "buffer": b"broken"}
    )
    write(customer, "This one")
    expect(customer.get_by_role("link", name="lamp.txt")).to_be_visible()
    expect(browser_page.get_by_role("log")).to_contain_text("This one")
    seen = api.get(f"{here}/messages").body["payload"][-1]
    assert (seen["content"], seen["attachments"][0]["file_size"]) == ("This one", 6)

    items = [{"title": "Refund", "value": "r"}, {"title": "A new one", "value": "n"}]
    question = {"content": "What shall we do?", "content_type": "input_select"}
    asked = api.post(f"{here}/messages", {**question, "content_attributes": {"items": items}}).body
    customer.get_by_role("button", name="A new one").click()
    expect(customer.get_by_role("button", name="A new one")).to_have_attribute("aria-pressed", "true")
    expect(customer.get_by_role("button", name="Refund")).to_be_disabled()
    answered = next(each for each in api.get(f"{here}/messages").body["payload"] if each["id"] == asked["id"])
    assert answered["content_attributes"]["submitted_values"] == [items[1]]

    customer.reload()
    expect(customer.locator("#presence")).to_have_text("We are online")
    expect(customer.get_by_role("log").locator(".message")).to_have_count(5)
    assert customer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints_light_and_dark(customer) == []


def test_what_the_desk_says_without_news_is_no_news(customer: Page) -> None:
    wrong: list[str] = []
    customer.on("pageerror", lambda error: wrong.append(str(error)))

    with customer.expect_websocket() as connection:
        arrive(customer)
    connection.value.wait_for_event("framereceived", lambda frame: '"ping"' in frame)

    customer.evaluate("document.title")  # by now the page has read it
    assert wrong == []


def test_what_was_missed_comes_with_the_next_connection(customer: Page, desk: Desk, live: Server) -> None:
    arrive(customer)
    write(customer, "Hello?")
    expect(customer.locator(".message[data-mine]:not([data-pending])")).to_have_count(1)
    customer.context.set_offline(True)
    write(customer, "Are you there?")
    expect(customer.get_by_role("button", name="Send again")).to_be_visible()
    path = f"/api/v1/accounts/{desk.account_id}/conversations/1/messages"
    live.api(desk.bo.token).post(path, {"content": "Yes, I am."})

    customer.context.set_offline(False)
    customer.get_by_role("button", name="Send again").click()

    expect(customer.get_by_role("log")).to_contain_text("Yes, I am.")
    expect(customer.locator(".message")).to_have_count(3)
    expect(customer.locator(".message:is([data-pending], [data-failed])")).to_have_count(0)
    said = [message["content"] for message in live.api(desk.bo.token).get(path).body["payload"]]
    assert said == ["Hello?", "Yes, I am.", "Are you there?"]
