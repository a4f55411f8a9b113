"""A bot as people meet it: added in the settings, then live in a conversation, until it hands over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, Person], None]
CARD = {"title": "50021", "actions": [{"type": "link", "text": "Track it", "uri": "https://track.example/1"}]}


def test_a_bot_is_added_and_gets_an_inbox(desk: Desk, browser_page: Page, sign_in: SignIn) -> None:
    page, settings = browser_page, f"/accounts/{desk.account_id}/settings"
    sign_in(page, desk.ada)
    visit(page, f"{settings}/bots/new")
    page.get_by_label("Name", exact=True).fill("Orders bot")
    page.get_by_label("Webhook address").fill("https://bots.example.com/")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_role("heading", name="The bot Orders bot is added", level=1)).to_be_visible()
    expect(page.get_by_label("Access token")).to_have_attribute("type", "text")
    page.get_by_role("link", name="Website").click()
    choice = page.get_by_role("region", name="Bot", exact=True)
    choice.get_by_role("combobox").select_option("Orders bot")
    choice.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Orders bot answers first in Website now.")
    page.get_by_role("link", name="Bots", exact=True).click()
    page.get_by_role("link", name="Orders bot", exact=True).click()
    page.get_by_role("link", name="Replace the token").click()
    expect(page.get_by_role("dialog")).to_contain_text("The old one stops working at once")
    page.keyboard.press("Escape")
    assert complaints_light_and_dark(page) == []


def test_a_bot_speaks_and_hands_over_before_an_agents_eyes(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        bot = make_bot(db.session.get_one(Account, desk.account_id), inbox=inbox, name="Orders bot")
        conversation = make_conversation(inbox, status="pending")
        make_message(conversation)
        token, number = bot.token, conversation.display_id
    speaks = live.api(token).post
    doors = f"/api/v1/accounts/{desk.account_id}/conversations/{number}"
    page = browser_page
    sign_in(page, desk.bo)
    visit(page, f"/accounts/{desk.account_id}/conversations/{number}")
    expect(page.locator(".live-state[data-connected]")).to_be_attached()
    line = page.locator(".bot-line")
    expect(line).to_contain_text("Orders bot has this conversation.")

    assert speaks(f"{doors}/toggle_typing_status", {"typing_status": "on"}).status == 200
    expect(page.locator(".typing")).to_have_text("Orders bot is replying…")
    cards = {"content": "Yours?", "content_type": "cards", "content_attributes": {"items": [CARD]}}
    assert speaks(f"{doors}/messages", cards).status == 200
    said = page.get_by_role("article", name="Orders bot")
    expect(said.locator(".rich-card")).to_contain_text("50021")
    expect(said.locator(".bot-mark")).to_be_visible()
    expect(page.locator(".typing")).to_be_empty()
    assert complaints_light_and_dark(page) == []

    assert speaks(f"{doors}/toggle_status", {"status": "open"}).status == 200
    expect(page.locator(".activity").last).to_contain_text("by Orders bot")
    expect(line).to_have_count(0)
    expect(page.locator(".conv-head .badge")).to_have_text("Open")
