"""Deliveries as people see them: one that waits follows along, and many are sent again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.webhooks.models import Delivery
from tests.support.axe import complaints_light_and_dark
from tests.support.deliveries import make_delivery
from tests.support.deliveries import make_webhook
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, Person], None]


def test_one_that_waits_follows_along_and_many_are_sent_again(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    with live.work():  # nothing is sent to one that is paused
        webhook = make_webhook(db.session.get_one(Account, desk.account_id), paused_by="person")
        for _ in range(2):
            make_delivery(webhook, state="failed", code=500, attempts=8)
        number = make_delivery(webhook).id
        home = f"/accounts/{desk.account_id}/settings/integrations/webhooks/{webhook.id}/deliveries"
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"{home}/{number}")
    state = page.locator("#delivery")
    expect(state.get_by_role("status")).to_have_text("Waiting")
    page.get_by_role("button", name="Send now").focus()

    with live.work():
        delivery = db.session.get_one(Delivery, number)
        delivery.state, delivery.code, delivery.attempts = "done", 200, 1
        db.session.commit()
    expect(state.get_by_role("status")).to_have_text("Delivered 200 OK")
    expect(state).not_to_have_attribute("data-seconds", "2")
    expect(page.get_by_role("button", name="Send again")).to_be_focused()
    assert complaints_light_and_dark(page) == []

    visit(page, f"{home}?state=failed")
    page.get_by_label("Select all that are shown").check()
    expect(page.locator("[data-picked]")).to_have_text("2 selected")
    assert complaints_light_and_dark(page) == []
    page.get_by_role("link", name="Send all that match again").click()
    page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    expect(page.locator("#toasts")).to_contain_text("2 deliveries wait")
