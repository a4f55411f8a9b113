"""Writing in a real browser: marks, files, canned responses, answers; and what can be done with a message."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.canned.operations import add_canned
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.axe import complaints
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def address(live: Server, desk: Desk) -> str:
    """A conversation of many messages, the last of which asks something."""
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        conversation = make_conversation(inbox, contact=make_contact(account, name="Maria Silva"))
        make_messages(conversation, 70)
        make_message(conversation, "Which lamp is it?")
        given = {"short_code": "hello", "content": "Hello {{contact.first_name}}, {{agent.first_name}} here."}
        add_canned(account, given=given, actor=None)
        add_canned(account, given={"short_code": "bye", "content": "Goodbye"}, actor=None)
        return f"/accounts/{account.id}/conversations/{conversation.display_id}"


@pytest.fixture
def screen(browser_page: Page, desk: Desk, address: str, sign_in: Callable[[Page, Person], None]) -> Page:
    sign_in(browser_page, desk.bo)
    visit(browser_page, address)
    return browser_page


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (800, 400), "teal").save(made, "PNG")
    return made.getvalue()


def test_a_message_is_written_with_marks_a_file_and_a_canned_response(screen: Page) -> None:
    text = screen.get_by_role("textbox", name="Message", exact=True)

    text.press_sequentially("/hel")
    expect(screen.get_by_role("option")).to_have_count(1)
    expect(text).to_have_attribute("aria-activedescendant", re.compile("canned-option-"))
    text.press("Enter")
    expect(text).to_have_value("Hello Maria, Bo here.")
    text.press_sequentially(" It is ")
    text.press("Control+b")
    text.press_sequentially("blue")
    expect(text).to_have_value("Hello Maria, Bo here. It is **blue**")
    screen.locator(".composer input[type=file]").set_input_files(
        [
            {"name": "lamp.png", "mimeType": "image/png", "buffer": picture()},
            {"name": "shade.png", "mimeType": "image/png", "buffer": picture()},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"later"},
        ]
    )
    expect(screen.locator(".chip")).to_have_count(3)
    screen.locator(".chip", has_text="notes.txt").get_by_role("button", name="Remove").click()
    screen.get_by_role("button", name="Emoji").click()
    screen.get_by_label("Search emoji").fill("thumbs up")
    screen.get_by_label("Search emoji").press("Enter")
    expect(text).to_have_value("Hello Maria, Bo here. It is **blue👍**")
    assert complaints(screen, ".composer") == []
    text.press("Control+Enter")

    sent = screen.locator(".message").last
    expect(sent.locator("strong")).to_have_text("blue👍")
    expect(sent.get_by_role("img", name="lamp.png")).to_be_visible()
    expect(screen.locator(".chip")).to_have_count(0)
    expect(text).to_have_value("")
    screen.wait_for_function(
        """() => {
            const image = [...document.querySelectorAll(".message")].at(-1).querySelector("img");
            const size = `${image?.naturalWidth}x${image?.naturalHeight}`;
            return size === "800x400" || size === "640x320"; // the small one as soon as a job has made it
        }"""
    )

    link = sent.get_by_role("link", name="lamp.png")
    link.press("Enter")
    large = screen.get_by_role("dialog", name="lamp.png")
    expect(large.get_by_role("status")).to_have_text("1 of 2")
    expect(large.get_by_role("button", name="Close")).to_be_focused()
    screen.keyboard.press("ArrowRight")
    large = screen.get_by_role("dialog", name="shade.png")
    expect(large.get_by_role("img", name="shade.png")).to_be_visible()
    expect(large.get_by_role("link", name="Download")).to_have_attribute("href", re.compile("shade.png$"))
    large.get_by_role("button", name="Next picture").click()
    expect(screen.get_by_role("dialog", name="lamp.png")).to_be_visible()
    assert complaints(screen, "#lightbox") == []
    screen.keyboard.press("Escape")
    expect(screen.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


def test_a_message_is_answered_linked_and_deleted_by_keyboard(
    screen: Page, live: Server, address: str
) -> None:
    screen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    asked = screen.locator(".message[data-kind=incoming]", has_text="Which lamp is it?")
    menu = screen.locator("#message-menu")

    asked.get_by_role("button", name="More").press("Enter")
    expect(menu.get_by_role("button", name="Reply")).to_be_focused()
    screen.keyboard.press("Enter")
    expect(screen.locator(".answering")).to_contain_text("Maria SilvaWhich lamp is it?")
    screen.keyboard.type("The blue one")
    screen.keyboard.press("Control+Enter")
    quote = screen.locator(".message").last.locator(".quoted")
    expect(quote).to_have_text("Maria SilvaWhich lamp is it?")
    expect(screen.locator(".answering")).to_be_hidden()
    quote.click()
    expect(asked).to_be_focused()

    asked.get_by_role("button", name="More").click()
    menu.get_by_role("button", name="Copy link").click()
    expect(screen.locator("#toasts")).to_contain_text("The link is copied.")
    assert re.search(
        rf"{address}\?message=\d+#message-\d+$", screen.evaluate("navigator.clipboard.readText()")
    )

    with live.work():
        oldest = (
            db.session.query(Message.id).filter_by(content="Message 1").order_by(Message.id.desc()).first()[0]
        )
    visit(screen, f"{address}?message={oldest}")
    expect(screen.locator(f"#message-{oldest}")).to_be_focused()
    expect(screen.locator(f"#message-{oldest}")).to_be_in_viewport()
    screen.get_by_role("link", name="There are newer messages").click()
    expect(screen.locator(".message").last).to_contain_text("The blue one")


def test_what_is_too_large_is_told_before_it_is_sent(screen: Page) -> None:
    screen.evaluate(
        """() => {
          const file = new File([new Uint8Array(41 * 2 ** 20)], "film.mov");
          const data = new DataTransfer();
          data.items.add(file);
          document.querySelector(".conversation").dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )

    expect(screen.locator(".composer [role=alert]")).to_have_text("“film.mov” is larger than 40 MB.")
    expect(screen.locator(".chip")).to_have_count(0)
