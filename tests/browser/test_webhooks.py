"""A webhook as an administrator meets it: added, its secret taken away, a test event followed to its end."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.lib.signatures import signature
from tests.support.axe import complaints_light_and_dark
from tests.support.receivers import receiving
from tests.support.screens import context_for
from tests.support.screens import visit
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def screen(browser: Browser, near: Server) -> Iterator[Page]:
    with context_for(browser, near) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context.new_page()


def test_a_webhook_is_added_and_tried(
    screen: Page, near: Server, sign_in: Callable[[Page, Person, Server], None]
) -> None:
    desk = near.make_desk()
    sign_in(screen, desk.ada, near)
    with receiving() as receiver:
        visit(screen, f"/accounts/{desk.account_id}/settings/integrations/webhooks/new")
        screen.get_by_label("Name").fill("Orders")
        screen.get_by_label("Webhook URL").fill(receiver.url())
        screen.get_by_role("checkbox", name="message_created").check()
        screen.get_by_role("button", name="Create webhook").click()

        secret = screen.locator("#secret")
        expect(secret).to_be_in_viewport()
        expect(secret).to_have_attribute("type", "password")
        panel = screen.get_by_role("region", name="Secret")
        panel.get_by_role("button", name="Show").click()
        expect(secret).to_have_attribute("type", "text")
        panel.get_by_role("button", name="Copy").click()
        expect(screen.locator("#toasts")).to_contain_text("Copied.")
        copied = screen.evaluate("navigator.clipboard.readText()")
        assert complaints_light_and_dark(screen) == []

        arrived = receiver.hold_at(None, known=1)
        screen.get_by_role("region", name="Send a test event").get_by_role("button", name="Send").click()
        expect(screen.get_by_role("heading", name="message_created", level=1)).to_be_visible()
        expect(screen.locator("#delivery").get_by_role("status")).to_contain_text("Delivered")
        assert arrived.wait(30)

    (request,) = receiver.received
    stamp = int(request.headers["x-chatwoot-timestamp"])
    assert request.headers["x-chatwoot-signature"] == signature(copied, stamp, request.body)
