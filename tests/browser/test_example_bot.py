"""The bot among the examples talks to a customer on the example chat, and hands over to an agent."""

import sys
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.axe import complaints_light_and_dark
from tests.support.documents import site
from tests.support.processes import Program
from tests.support.processes import started
from tests.support.screens import context_for
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server
from tests.support.verifiers import own_origin

pytestmark = pytest.mark.browser

EXAMPLES = CHECKOUT / "examples"


@pytest.fixture
def its_desk(near: Server) -> Desk:
    return near.make_desk()


@pytest.fixture
def bot(near: Server, its_desk: Desk) -> Iterator[Program]:
    """The example as somebody would start it, connected to the inbox."""
    origin, ada = own_origin(), near.api(its_desk.ada.token)
    account = f"/api/v1/accounts/{its_desk.account_id}"
    made = ada.post(f"{account}/agent_bots", {"name": "Lantern", "outgoing_url": f"{origin}/"}).body
    ada.post(f"{account}/inboxes/{its_desk.inbox_id}/set_agent_bot", {"agent_bot": made["id"]})
    port = origin.rpartition(":")[2]
    command = [sys.executable, "-m", "flask", "--app", "app", "run", "--port", port]
    known = {"DESK": near.url, "TOKEN": made["access_token"], "SECRET": made["secret"]}
    with started(command, EXAMPLES / "bot", said=origin, **known) as program:
        yield program


@pytest.fixture
def customer(browser: Browser, near: Server, its_desk: Desk) -> Iterator[Page]:
    with near.work():
        identifier = db.session.get_one(Inbox, its_desk.inbox_id).identifier
    with site(EXAMPLES / "chat") as address:
        context = browser.new_context(
            viewport={"width": 390, "height": 780}, locale="en-GB", reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{address}/?desk={near.url}&inbox={identifier}")
        yield page
        context.close()


@pytest.fixture
def agent(browser: Browser, near: Server) -> Iterator[Page]:
    with context_for(browser, near) as context:
        yield context.new_page()


def write(customer: Page, text: str) -> None:
    customer.get_by_label("Your message").fill(text)
    customer.get_by_label("Your message").press("Enter")


def test_a_bot_talks_to_a_customer_and_hands_over_to_an_agent(
    bot: Program,
    customer: Page,
    agent: Page,
    near: Server,
    its_desk: Desk,
    sign_in: Callable[[Page, Person, Server], None],
) -> None:
    customer.get_by_label("Your name").fill("Zoe Quinn")
    customer.get_by_label("E-mail").fill("zoe@example.com")
    customer.get_by_role("button", name="Start the chat").click()
    expect(customer.locator("#chat")).to_have_attribute("data-connection", "online")
    write(customer, "Good evening")
    said = customer.get_by_role("log")
    expect(said).to_contain_text("Hello Zoe Quinn! I am the shop's bot.")

    sign_in(agent, its_desk.bo, near)
    visit(agent, f"/accounts/{its_desk.account_id}/conversations/1")
    expect(agent.locator(".live-state[data-connected]")).to_be_attached()
    thread, state = agent.get_by_role("log"), agent.locator(".state")
    expect(thread).to_contain_text("I am the shop's bot.")
    expect(thread.get_by_role("article", name="Lantern")).to_be_visible()
    expect(state).to_contain_text("Pending")
    expect(agent.get_by_text("Lantern has this conversation.")).to_be_visible()

    customer.get_by_role("button", name="Where is my parcel?").click()
    expect(customer.get_by_role("link", name="Track a parcel")).to_be_visible()
    expect(said).to_contain_text("Two to three working days")
    expect(said).to_contain_text("Lantern")
    expect(thread.get_by_role("link", name="Track a parcel")).to_be_visible()
    assert customer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints_light_and_dark(customer) == []

    write(customer, "But I want to talk to a person")
    expect(said).to_contain_text("I am getting somebody for you.")
    expect(state).to_contain_text("Open")
    expect(agent.get_by_text("Lantern has this conversation.")).to_have_count(0)
    agent.locator("textarea[name=content]").fill("Here I am, Zoe.")
    agent.get_by_role("button", name="Send", exact=False).first.click()
    expect(said).to_contain_text("Here I am, Zoe.")
