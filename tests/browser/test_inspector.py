"""The inspector beside an app's frame: what it shows of the talk and what never, and what it says again."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.apps.schemas.access import ACTIONS
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import complaints
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.frames import customer
from tests.support.frames import frame_of
from tests.support.frames import send_away
from tests.support.frames import show
from tests.support.native import ask
from tests.support.native import by_hand
from tests.support.native import silent
from tests.support.screens import ready
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def orders() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


@pytest.fixture
def path(live: Server, desk: Desk) -> str:
    """Of a conversation with Maria."""
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        account = db.session.get_one(Account, desk.account_id)
        contact = make_contact(account, name="Maria Silva", email="maria@example.com")
        conversation = make_conversation(inbox, contact=contact)
        make_message(conversation, "Hello from Maria Silva")
        return f"/accounts/{desk.account_id}/conversations/{conversation.display_id}"


@pytest.fixture
def screen(browser_page: Page, desk: Desk, sign_in: Callable[[Page, Person], None]) -> Page:
    """Ada's browser. That she has read something does not change the context: nothing is told by itself."""
    browser_page.route("**/seen", lambda route: route.fulfill(status=204))
    sign_in(browser_page, desk.ada)
    return browser_page


def add_app(live: Server, desk: Desk, *urls: str, **fields: Any) -> int:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        return make_app(account, urls=urls, **{"actions": list(ACTIONS), **fields}).id


def inspector(screen: Page) -> Locator:
    return screen.get_by_role("dialog", name="Inspector")


def open_inspector(screen: Page) -> Locator:
    button = screen.get_by_role("button", name="Inspect", exact=True)
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    expect(inspector(screen).get_by_role("heading")).to_be_focused()
    return inspector(screen)


def lines(drawer: Locator, name: str) -> Locator:
    """Of the messages of that name."""
    return drawer.get_by_role("listitem").filter(has=drawer.page.locator(f'code:text-is("{name}")'))


def saved(screen: Page, drawer: Locator) -> Any:
    with screen.expect_download() as download:
        drawer.get_by_role("button", name="Save").click()
    return json.loads(Path(download.value.path()).read_text())


def test_a_talk_is_shown_without_its_secrets_recorded_saved_and_said_again(
    screen: Page, live: Server, desk: Desk, path: str, orders: AppPages
) -> None:
    add_app(live, desk, orders.url("silent"), format="native")
    visit(screen, path)
    show(screen, "Orders")
    silent(screen)
    drawer = open_inspector(screen)
    expect(drawer).to_contain_text("Nothing was said since this was opened")
    drawer.get_by_role("button", name="Record").click()
    frame = by_hand(screen)
    token = ask(frame, "token.get")["token"]
    assert ask(frame, "labels.add", {"labels": ["vip"]}, ctx="c9") == "stale_context"
    assert ask(frame, "nonsense") == "unsupported"
    frame.evaluate("() => void parent.postMessage({type: 'odd'}, '*')")

    for name, count in {"hello": 1, "welcome": 1, "token.get": 2, "labels.add": 2, "?": 1}.items():
        expect(lines(drawer, name)).to_have_count(count)
    expect(lines(drawer, "token.get").last).to_contain_text("ms")
    expect(lines(drawer, "labels.add").first).to_contain_text("stale_context")
    expect(lines(drawer, "nonsense").first).to_contain_text("unsupported")
    expect(lines(drawer, "?")).to_contain_text("ignored")
    lines(drawer, "token.get").last.locator("summary").click()
    expect(lines(drawer, "token.get").last.locator("pre")).to_contain_text('"token": "[hidden]"')
    assert token not in drawer.inner_text()

    drawer.get_by_role("button", name="Record").click()
    made_up = saved(screen, drawer)
    assert made_up["data"] == "made-up"
    assert {each["from"] for each in made_up["messages"]} == {"app", "desk"}
    assert "Maria" not in json.dumps(made_up)
    drawer.get_by_label("Save with real data").check()
    real = saved(screen, drawer)
    assert "Maria Silva" in json.dumps(real)
    assert token not in json.dumps(real)

    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url))
    drawer.get_by_role("button", name="Replay").click()
    frame.wait_for_function("talk.events.some(({replay}) => replay)")
    again = frame.evaluate("talk.events.find(({replay}) => replay)")
    assert (again["ev"], again["ctx"], again["data"]["contact"]["name"]) == (
        "context.changed", "replay-c1", "Maria Silva",
    )  # fmt: skip
    assert ask(frame, "labels.add", {"labels": ["vip"]}, ctx="replay-c1") == "stale_context"
    assert [url for url in asked if "/calls" in url] == []
    expect(lines(drawer, "context.changed")).to_contain_text("Replay")
    bar = screen.get_by_role("group", name="Orders", exact=True)
    expect(bar.get_by_text("Replay", exact=True)).to_be_visible()

    assert complaints(screen, ".inspector") == []
    drawer.get_by_role("button", name="Context").click()
    expect(drawer.get_by_text("maria@example.com")).to_be_visible()
    expect(drawer.get_by_text("How to reach the contact").first).to_be_visible()
    screen.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(screen.get_by_role("button", name="Inspect", exact=True)).to_be_focused()

    screen.set_viewport_size({"width": 390, "height": 844})
    screen.get_by_role("button", name="Contact and apps").click()
    screen.get_by_role("button", name="Inspect", exact=True).press("Enter")
    expect(drawer).to_have_attribute("data-place", "below")
    drawer.get_by_role("button", name="Reload the app").click()
    expect(bar.get_by_text("Replay", exact=True)).to_have_count(0)


def test_a_chatwoot_app_a_stranger_in_its_frame_and_a_flood_are_shown_and_agents_see_nothing_of_it(
    screen: Page, live: Server, desk: Desk, path: str, orders: AppPages,
    sign_in: Callable[[Page, Person], None],
) -> None:  # fmt: skip
    add_app(live, desk, orders.url("chatwoot"), format="chatwoot")
    with app_pages("localhost") as evil:
        add_app(live, desk, evil.url("silent"), title="Other")
        visit(screen, path)
        show(screen, "Orders")
        frame = frame_of(screen)
        customer(frame, "Maria Silva")
        drawer = open_inspector(screen)
        frame.evaluate("() => ask()")
        expect(lines(drawer, "appContext")).to_have_count(1)
        expect(lines(drawer, "fetch-info")).to_contain_text("ms")

        fixture = saved(screen, drawer)
        told = next(each for each in fixture["messages"] if each["from"] == "desk")
        assert told["text"] is True
        told["data"]["data"]["contact"]["name"] = "Nobody Real"
        file = {"name": "f.json", "mimeType": "application/json", "buffer": json.dumps(fixture).encode()}
        drawer.get_by_label("A fixture").set_input_files([file])  # type: ignore[list-item]
        expect(drawer.get_by_role("status")).to_contain_text("messages opened")
        drawer.get_by_role("button", name="Replay").click()
        frame.wait_for_function("understood.at(-1).data.meta.replay")
        customer(frame, "Nobody Real")

        send_away(frame, evil.url("silent"))
        frame.wait_for_url(evil.url("silent"))
        frame.evaluate("() => void parent.postMessage('let me in', '*')")
        expect(lines(drawer, "?")).to_contain_text(f"It comes from {evil.origin}")
        frame.evaluate("() => { for (let n = 0; n < 5000; n += 1) parent.postMessage({type: 'x', n}, '*') }")
        expect(lines(drawer, "…").first).to_contain_text("skipped")
        assert drawer.get_by_role("listitem").count() <= 200

    sign_in(screen, desk.bo)
    visit(screen, path)
    show(screen, "Orders")
    customer(frame_of(screen), "Maria Silva")
    ready(screen)
    expect(screen.get_by_role("button", name="Reload", exact=True)).to_be_visible()
    expect(screen.get_by_role("button", name="Inspect", exact=True)).to_have_count(0)
