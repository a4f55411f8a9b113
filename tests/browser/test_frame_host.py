"""Apps in the running desk: an agent opens a conversation, and the app beside it knows the customer."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest
from playwright.sync_api import Frame
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import COLOURS
from tests.support.axe import complaints
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.frames import arrived
from tests.support.frames import customer
from tests.support.frames import frame_of
from tests.support.frames import received
from tests.support.frames import send_away
from tests.support.frames import show
from tests.support.frames import state
from tests.support.screens import ready
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

NOTE = "she threatened to leave"


@dataclass(frozen=True)
class World:
    """An account with two conversations; `add_app` puts one more app beside them."""

    live: Server
    desk: Desk
    maria: int
    jonas: int
    secrets: tuple[str, ...]

    def add_app(self, *urls: str, title: str = "Orders", **fields: Any) -> int:
        with self.live.work():
            account = db.session.get_one(Account, self.desk.account_id)
            return make_app(account, title=title, urls=urls, **fields).id

    def path(self, display_id: int | str = "") -> str:
        return f"/accounts/{self.desk.account_id}/conversations/{display_id}".rstrip("/")


@pytest.fixture
def world(live: Server, desk: Desk) -> World:
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        account = db.session.get_one(Account, desk.account_id)
        maria = _with_maria(account, inbox, desk.bo)
        secrets = (maria.contact_inbox.pubsub_token, inbox.hmac_token, desk.bo.token, desk.ada.token, NOTE)
        return World(live, desk, maria.display_id, _with_jonas(account, inbox), secrets)


def _with_maria(account: Account, inbox: Inbox, agent: Person) -> Conversation:
    """A conversation in which every documented field has something to say."""
    maria = make_contact(
        account,
        name='Maria </script><!-- " \u2028 Silva',
        email="maria.silva@example.com",
        phone_number="+15555550101",
        identifier="crm-77",
        last_activity_at=clock.now(),
        custom_attributes={"plan": "gold", "seats": 3},
        additional_attributes={
            "description": "Buys for two shops",
            "company_name": "Silva & Co",
            "social_profiles": {"github": "g", "twitter": "t", "facebook": "f", "linkedin": "l"},
        },
    )
    browser = {
        "device_name": "Unknown",
        "browser_name": "Firefox",
        "platform_name": "Linux",
        "browser_version": "150",
        "platform_version": "6",
    }
    conversation = make_conversation(
        inbox,
        contact=maria,
        assignee_id=agent.id,
        labels=["delivery"],
        custom_attributes={"order": "50021"},
        additional_attributes={
            "browser": browser,
            "referer": "https://shop.example/",
            "initiated_at": {"timestamp": "Fri Nov 20 2026 10:00:00 GMT+0000"},
        },
        agent_last_seen_at=clock.now() - timedelta(hours=1),
        assignee_last_seen_at=clock.now() - timedelta(hours=1),
        contact_last_seen_at=clock.now(),
    )
    make_message(conversation, "Where is my order?", source_id="wamid.1")
    make_message(conversation, NOTE, message_type="outgoing", private=True, sender_user_id=agent.id)
    make_message(conversation, "It is on its way", message_type="outgoing", sender_user_id=agent.id)
    make_message(conversation, NOTE, message_type="outgoing", private=True, sender_user_id=agent.id)
    return conversation


def _with_jonas(account: Account, inbox: Inbox) -> int:
    conversation = make_conversation(inbox, contact=make_contact(account, name="Jonas Kühn"))
    make_message(conversation, "Thanks, that worked!")
    return conversation.display_id


@pytest.fixture
def screen(browser_page: Page, desk: Desk, sign_in: Callable[[Page, Person], None]) -> Page:
    """Bo's browser."""
    browser_page.emulate_media(color_scheme="light")
    browser_page.add_init_script(
        "window.toasts = []; addEventListener('toast', e => toasts.push(e.detail), true)"
    )
    sign_in(browser_page, desk.bo)
    return browser_page


@pytest.fixture
def orders() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


@pytest.fixture
def billing() -> Iterator[AppPages]:
    with app_pages("localhost") as pages:
        yield pages


def choose(screen: Page, display_id: int) -> None:
    """As an agent does: click its row and see it."""
    screen.locator(f'[data-conversation="{display_id}"]').click()
    expect(screen.locator(f'#conversation [data-key="{display_id}"]')).to_be_visible()
    ready(screen)


def told_of(frame: Frame) -> list[int]:
    """Which conversations the frame was told of, in order; that one was told again because it was seen or
    changed does not count."""
    keys = [said["data"]["meta"]["ctx"] for said in received(frame)]
    return [int(key) for key, _again in groupby(keys) if key]


STRING, INTEGER, BOOLEAN, OBJECT, ARRAY = str, int, bool, dict, list
ATTRIBUTES = {
    "description": STRING,
    "company_name": STRING,
    "social_profiles": {"github": STRING, "twitter": STRING, "facebook": STRING, "linkedin": STRING},
}
CONTACT = {
    "additional_attributes": ATTRIBUTES,
    "availability_status": STRING,
    "email": STRING,
    "id": INTEGER,
    "name": STRING,
    "phone_number": STRING,
    "identifier": STRING,
    "thumbnail": STRING,
    "custom_attributes": OBJECT,
    "last_activity_at": INTEGER,
}
ASSIGNEE = {
    "id": INTEGER,
    "account_id": INTEGER,
    "availability_status": STRING,
    "auto_offline": BOOLEAN,
    "confirmed": BOOLEAN,
    "email": STRING,
    "available_name": STRING,
    "name": STRING,
    "role": STRING,
    "thumbnail": STRING,
}
MESSAGE = {
    "id": INTEGER,
    "content": STRING,
    "inbox_id": INTEGER,
    "conversation_id": INTEGER,
    "message_type": INTEGER,
    "content_type": STRING,
    "content_attributes": OBJECT,
    "created_at": INTEGER,
    "private": BOOLEAN,
    "source_id": STRING,
    "sender": {
        "additional_attributes": ATTRIBUTES,
        "custom_attributes": OBJECT,
        "email": STRING,
        "id": INTEGER,
        "identifier": STRING,
        "name": STRING,
        "phone_number": STRING,
        "thumbnail": STRING,
        "type": STRING,
    },
}
CONVERSATION = {
    "meta": {"sender": CONTACT, "channel": STRING, "assignee": ASSIGNEE, "hmac_verified": BOOLEAN},
    "id": INTEGER,
    "messages": [MESSAGE],
    "account_id": INTEGER,
    "additional_attributes": {
        "browser": {
            "device_name": STRING,
            "browser_name": STRING,
            "platform_name": STRING,
            "browser_version": STRING,
            "platform_version": STRING,
        },
        "referer": STRING,
        "initiated_at": {"timestamp": STRING},
    },
    "agent_last_seen_at": INTEGER,
    "assignee_last_seen_at": INTEGER,
    "can_reply": BOOLEAN,
    "contact_last_seen_at": INTEGER,
    "custom_attributes": OBJECT,
    "inbox_id": INTEGER,
    "labels": ARRAY,
    "muted": BOOLEAN,
    "snoozed_until": None,
    "status": STRING,
    "timestamp": INTEGER,
    "unread_count": INTEGER,
    "allMessagesLoaded": BOOLEAN,
    "dataFetched": BOOLEAN,
}
AGENT = {"email": STRING, "id": INTEGER, "name": STRING}
# What each of the documents promises, in the words of its own example.
GUIDES = {"conversation": CONVERSATION, "contact": CONTACT, "currentAgent": AGENT}
NDOTO = {
    "conversation": {
        "id": INTEGER,
        "inbox_id": INTEGER,
        "status": STRING,
        "contact": {"id": INTEGER, "name": STRING, "email": STRING, "phone_number": STRING},
    },
    "currentAgent": {"id": INTEGER, "name": STRING, "email": STRING},
}


def differences(value: Any, promised: Any, path: str = "data") -> list[str]:
    """Where a value is not what was promised; more than was promised is fine."""
    if isinstance(promised, dict):
        if not isinstance(value, dict):
            return [f"{path} is {value!r}"]
        missing = [f"{path}.{name} is missing" for name in promised if name not in value]
        return missing + [
            wrong
            for name, kind in promised.items()
            if name in value
            for wrong in differences(value[name], kind, f"{path}.{name}")
        ]
    if isinstance(promised, list):
        return differences(value[0], promised[0], f"{path}[0]") if value else [f"{path} is empty"]
    fits = value is None if promised is None else type(value) is promised
    return [] if fits else [f"{path} is {value!r}"]


@pytest.mark.attack(50)
@pytest.mark.parametrize("dialect", ["auto", "chatwoot"])
def test_a_listener_of_chatwoots_guides_gets_every_documented_field(
    screen: Page, world: World, orders: AppPages, dialect: str
) -> None:
    world.add_app(orders.url("chatwoot"), format=dialect)
    visit(screen, world.path(world.maria))

    show(screen, "Orders")

    frame = frame_of(screen)
    frame.wait_for_function("understood.length > 0")
    data = frame.evaluate("understood[0].data")
    assert differences(data, GUIDES) == []
    assert data["contact"]["custom_attributes"] == {"plan": "gold", "seats": 3}
    assert data["conversation"]["id"] == world.maria
    assert data["currentAgent"] == {
        "id": world.desk.bo.id, "name": world.desk.bo.name, "email": world.desk.bo.email,
    }  # fmt: skip
    assert set(data) == {"conversation", "contact", "currentAgent", "customAttributes", "theme", "meta"}


@pytest.mark.attack(50)
@pytest.mark.parametrize("dialect", ["auto", "ndoto"])
def test_a_listener_of_ndotos_guide_gets_every_documented_field(
    screen: Page, world: World, orders: AppPages, dialect: str
) -> None:
    world.add_app(orders.url("ndoto"), format=dialect)
    visit(screen, world.path(world.maria))

    show(screen, "Orders")

    frame = frame_of(screen)
    frame.wait_for_function("understood.length > 0")
    assert differences(frame.evaluate("understood[0].data"), NDOTO) == []


@pytest.mark.attack(24, 50)
def test_a_listener_that_looks_at_the_origin_hears_its_desk_and_may_notify_it(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url(f"origin-checking?desk={world.live.url}"))
    visit(screen, world.path(world.maria))
    show(screen, "Orders")
    frame = frame_of(screen)

    frame.evaluate("notify('Action completed')")

    assert differences(json.loads(frame.evaluate("understood[0]"))["data"], GUIDES) == []
    expect(screen.locator("#toasts")).to_contain_text("Orders")
    expect(screen.locator("#toasts")).to_contain_text("Action completed")


@pytest.mark.attack(22, 23)
def test_no_token_no_private_note_and_no_other_contact_is_told(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))
    with screen.expect_response(lambda response: response.url.endswith(world.path(world.maria))) as page:
        visit(screen, world.path(world.maria))
    show(screen, "Orders")

    frame = frame_of(screen)

    said = frame.evaluate("received[0].data")
    for secret in (*world.secrets, "access_token", "pubsub_token", "hmac_token"):
        assert secret
        assert secret not in said
    assert "Jonas" not in said
    assert json.loads(said)["data"]["contact"]["name"] == 'Maria </script><!-- " \u2028 Silva'
    block = page.value.text().split('id="app-context">')[1].split("</script>")[0]
    assert "<" not in block
    assert json.loads(block)["key"] == str(world.maria)


def test_the_next_conversation_is_told_without_a_reload_and_so_are_back_and_forward(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    frame = frame_of(screen)
    customer(frame, "Jonas Kühn")
    frame.evaluate("window.typed = 'half a refund'")

    choose(screen, world.maria)
    expect(frame.locator("#customer")).to_contain_text("Maria")
    screen.go_back()
    customer(frame, "Jonas Kühn")
    expect(screen.get_by_role("main").get_by_role("heading", level=1)).to_have_text("Jonas Kühn")
    screen.go_forward()
    expect(frame.locator("#customer")).to_contain_text("Maria")
    expect(screen.locator(f'#conversation [data-key="{world.maria}"]')).to_be_visible()

    assert frame.evaluate("window.typed") == "half a refund"
    assert orders.visits == ["/chatwoot"]
    assert screen.url.endswith(world.path(world.maria))


def test_back_to_another_list_brings_it_back_and_keeps_the_frame(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    frame = frame_of(screen)
    row = screen.locator(f'[data-conversation="{world.maria}"]')
    expect(row).to_be_visible()

    screen.get_by_role("button", name="Status: Open").click()
    screen.get_by_role("link", name="Resolved").click()
    expect(row).to_have_count(0)
    screen.go_back()

    expect(row).to_be_visible()
    expect(screen.get_by_role("button", name="Status: Open")).to_be_visible()
    customer(frame, "Jonas Kühn")
    assert orders.visits == ["/chatwoot"]


def test_reload_for_each_conversation_starts_afresh(screen: Page, world: World, orders: AppPages) -> None:
    world.add_app(orders.url("chatwoot"), reloads=True)
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    old = frame_of(screen)
    screen.locator("iframe").evaluate("frame => { frame.dataset.isOld = true }")

    choose(screen, world.maria)
    expect(screen.locator("iframe[data-is-old]")).to_have_count(0)

    frame = frame_of(screen)
    expect(frame.locator("#customer")).to_contain_text("Maria")
    assert old.is_detached()
    assert told_of(frame) == [world.maria]


def test_an_app_above_the_thread_is_told_the_next_customer_too(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"), placement="tab")
    visit(screen, world.path(world.jonas))
    expect(screen.get_by_role("complementary").get_by_role("tab")).to_have_count(1)
    show(screen, "Orders", place="main")
    frame = frame_of(screen)

    choose(screen, world.maria)
    show(screen, "Orders", place="main")

    expect(frame.locator("#customer")).to_contain_text("Maria")
    assert orders.visits == ["/chatwoot"]


def test_an_app_above_the_thread_takes_its_place_and_lies_below_the_drawer(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"), placement="tab")
    world.add_app(billing.url("chatwoot"), title="Billing")
    visit(screen, world.path(world.jonas))
    show(screen, "Orders", place="main")
    frame_of(screen)
    expect(screen.get_by_role("textbox", name="Message")).to_be_hidden()

    screen.set_viewport_size({"width": 768, "height": 900})
    screen.get_by_role("button", name="Contact and apps").click()
    show(screen, "Billing")
    frame_of(screen, 1)

    screen.wait_for_function(
        """() => {
            const box = (selector) => document.querySelector(selector).getBoundingClientRect();
            const slot = box("[data-app-slot][data-place=side]:not([hidden])");
            const group = box(".app-group[data-place=side]");
            return slot.top === group.top && slot.height === group.height && slot.left === group.left;
        }"""
    )
    slot = screen.locator('[data-app-slot][data-place="side"]:visible').bounding_box()
    assert slot is not None
    on_top = "([x, y]) => document.elementFromPoint(x, y).title"
    corners = [(slot["x"] + 5, slot["y"] + 60), (slot["x"] + 5, slot["y"] + slot["height"] - 5)]
    assert [screen.evaluate(on_top, corner) for corner in corners] == ["Billing", "Billing"]


def test_a_change_on_the_page_is_told(screen: Page, world: World, orders: AppPages) -> None:
    world.add_app(orders.url("chatwoot"))
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    frame = frame_of(screen)

    screen.get_by_role("main").get_by_role("button", name="Resolve", exact=True).click()

    frame.wait_for_function("understood.at(-1).data.conversation.status === 'resolved'")


def test_the_theme_that_is_chosen_is_told(screen: Page, world: World, orders: AppPages) -> None:
    world.add_app(orders.url("chatwoot"))
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    frame = frame_of(screen)
    frame.wait_for_function("understood[0].data.theme === 'light'")

    screen.get_by_role("button", name="Your menu").click()
    screen.get_by_role("button", name="Dark").click()

    frame.wait_for_function("understood.at(-1).data.theme === 'dark'")
    assert orders.visits == ["/chatwoot"]


def test_a_conversation_that_was_closed_in_between_does_not_cost_the_frame(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))
    visit(screen, world.path())
    choose(screen, world.jonas)
    show(screen, "Orders")
    frame = frame_of(screen)

    screen.go_back()
    expect(screen.locator("iframe")).to_be_hidden()
    choose(screen, world.maria)
    expect(screen.locator("iframe")).to_be_visible()

    expect(frame.locator("#customer")).to_contain_text("Maria")
    assert told_of(frame) == [world.jonas, world.maria]
    assert orders.visits == ["/chatwoot"]


def go_and_see(screen: Page, world: World, display_id: int) -> None:
    """Open a conversation and wait until the page knows that it was seen, which apps are told as well."""
    with screen.expect_response("**/seen"):
        visit(screen, world.path(display_id))
    expect(screen.locator(f'.row[data-conversation="{display_id}"] .count')).to_have_count(0)


def test_what_an_automatic_app_has_shown_to_be_is_kept(screen: Page, world: World, orders: AppPages) -> None:
    world.add_app(orders.url("chatwoot"), format="auto")
    go_and_see(screen, world, world.jonas)
    with screen.expect_response("**/disclosures") as disclosed:
        show(screen, "Orders")
    frame = frame_of(screen)
    frame.wait_for_function("received.length === 2")
    with screen.expect_response("**/format") as learned:
        frame.evaluate("ask()")
    assert (disclosed.value.status, learned.value.status) == (204, 204)

    screen.reload()
    show(screen, "Orders")

    assert frame_of(screen).evaluate("received.map(({kind}) => kind)") == ["string"]


def test_only_the_frame_that_asks_is_answered(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"), orders.url("chatwoot?second"))
    world.add_app(orders.url("chatwoot?other"), billing.url("chatwoot"), title="Billing", placement="tab")
    go_and_see(screen, world, world.jonas)
    show(screen, "Orders")
    show(screen, "Billing", place="main")
    frames = [frame_of(screen, position, index) for position in (0, 1) for index in (0, 1)]

    frames[1].evaluate("ask()")
    frames[1].wait_for_function("received.length === 2")

    assert [len(received(frame)) for frame in frames] == [1, 2, 1, 1]


@pytest.mark.attack(17)
def test_a_frame_that_went_elsewhere_hears_nothing_and_says_so(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))
    world.add_app(billing.url("chatwoot"), title="Billing")
    with app_pages() as evil:
        visit(screen, world.path(world.jonas))
        show(screen, "Orders")

        send_away(frame_of(screen), evil.url("asks-early"))

        expect(state(screen, "Orders").get_by_role("status")).to_have_text(
            f"This app tried to open {evil.origin}, which is not its own."
        )
        choose(screen, world.maria)
        show(screen, "Billing")
        frame_of(screen, 1)
        assert evil.visits == []


def test_a_frame_on_another_apps_origin_hears_nothing(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))
    world.add_app(billing.url("chatwoot"), title="Billing")
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    moved = frame_of(screen)

    send_away(moved, billing.url("asks-early"))
    moved.wait_for_url(billing.url("asks-early"))
    choose(screen, world.maria)
    show(screen, "Billing")
    expect(frame_of(screen, 1).locator("#customer")).to_contain_text("Maria")

    assert moved.evaluate("received") == []


def test_a_redirect_to_another_origin_is_stopped(screen: Page, world: World, orders: AppPages) -> None:
    with app_pages() as evil:
        world.add_app(orders.url(f"redirect?to={evil.url('chatwoot')}"))
        visit(screen, world.path(world.jonas))

        show(screen, "Orders")

        expect(state(screen, "Orders").get_by_role("status")).to_contain_text(f"tried to open {evil.origin}")
        assert evil.visits == []


@pytest.mark.attack(30)
def test_the_pages_policy_frames_exactly_the_apps_and_nothing_else(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"), billing.url("ndoto"), "https://App.Example:443/x")
    world.add_app("https://a;sandbox/", "https://b,c.example/", "javascript:alert(1)", "https://x' 'none/")

    answer = screen.goto(world.path(world.jonas))

    assert answer is not None
    policy = answer.headers["content-security-policy"]
    [frames] = [part for part in policy.split("; ") if part.startswith("frame-src")]
    assert frames == " ".join(["frame-src", *sorted([orders.origin, billing.origin, "https://app.example"])])
    assert "unsafe-inline" not in policy
    assert "sandbox" not in policy


@pytest.mark.attack(25)
def test_an_address_that_got_past_the_rules_is_not_framed(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app("javascript:parent.document.title='pwned'", orders.url("chatwoot"))
    visit(screen, world.path(world.jonas))

    show(screen, "Orders")

    customer(frame_of(screen), "Jonas Kühn")
    expect(screen.locator("iframe")).to_have_count(1)


@pytest.mark.attack(27)
def test_a_frame_whose_origin_the_browser_disputes_is_not_made(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))

    def dispute(route: Route) -> None:
        answer = route.fetch()
        old, new = (json.dumps(text)[1:-1] for text in (orders.url("chatwoot"), billing.url("chatwoot")))
        route.fulfill(response=answer, body=answer.text().replace(old, new))

    screen.route(f"**{world.path(world.jonas)}", dispute)
    screen.goto(world.path(world.jonas))
    expect(screen.locator("html[data-mounting]")).to_have_count(0)  # a rewritten page gets no socket

    screen.get_by_role("tab", name="Orders").click()

    expect(state(screen, "Orders").get_by_role("status")).to_contain_text("was not opened")
    expect(screen.locator("iframe")).to_have_count(0)


@pytest.mark.attack(33)
def test_the_desk_does_not_frame_itself(screen: Page, world: World) -> None:
    world.add_app(f"{world.live.url}/login")
    visit(screen, world.path(world.jonas))

    show(screen, "Orders")

    expect(state(screen, "Orders").get_by_role("status")).to_contain_text("desk's own address")
    expect(screen.locator("iframe")).to_have_count(0)


@pytest.mark.attack(33)
def test_an_alias_of_the_desk_is_not_shown_in_a_frame(screen: Page, world: World) -> None:
    alias = world.live.url.replace("127.0.0.1", "localhost")
    world.add_app(f"{alias}/login")
    visit(screen, world.path(world.jonas))

    with screen.expect_event("requestfailed", lambda request: request.url.startswith(alias)):
        show(screen, "Orders")


def test_an_app_that_was_removed_meanwhile_goes_with_its_tab(
    screen: Page, world: World, orders: AppPages
) -> None:
    app = world.add_app(orders.url("chatwoot"))
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    frame_of(screen)

    world.live.api(world.desk.ada.token).delete(
        f"/api/v1/accounts/{world.desk.account_id}/dashboard_apps/{app}"
    )
    choose(screen, world.maria)

    expect(screen.locator("iframe")).to_have_count(0)
    expect(screen.get_by_role("tab", name="Orders")).to_have_count(0)


def test_an_app_that_was_added_meanwhile_is_there_with_the_next_conversation(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"))
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    frame_of(screen)

    world.add_app(billing.url("chatwoot"), title="Billing")
    choose(screen, world.maria)
    show(screen, "Billing")

    expect(frame_of(screen, 1).locator("#customer")).to_contain_text("Maria")


def test_an_app_that_does_not_answer_leaves_the_desk_at_work(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("held"))
    visit(screen, world.path(world.jonas))
    show(screen, "Orders")
    expect(screen.locator("iframe")).to_have_count(1)

    screen.get_by_role("main").get_by_role("textbox", name="Message").fill("One moment, please")
    screen.get_by_role("main").get_by_role("button", name="Send").click()
    expect(screen.get_by_role("main").get_by_text("One moment, please")).to_be_visible()
    choose(screen, world.maria)
    orders.release()

    expect(frame_of(screen).locator("#customer")).to_contain_text("Maria")
    assert told_of(arrived(screen)) == [world.maria]


def test_a_screen_reader_finds_its_way_with_apps_open(
    screen: Page, world: World, orders: AppPages, billing: AppPages
) -> None:
    world.add_app(orders.url("chatwoot"), billing.url("chatwoot"), placement="tab")
    world.add_app(orders.url("redirect?to=https://evil.example/"), title="Astray")
    visit(screen, world.path(world.jonas))
    show(screen, "Orders", place="main")
    frame_of(screen, 0, 1)
    show(screen, "Astray")
    expect(state(screen, "Astray").get_by_role("status")).to_contain_text("https://evil.example")

    desk = {"exclude": [["iframe"]]}
    assert complaints(screen, desk) == []
    screen.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert complaints(screen, desk, only=COLOURS) == []


def test_the_format_route_learns_one_thing_from_one_page(
    screen: Page, world: World, orders: AppPages
) -> None:
    """Cross-site, another account's and unknown apps: nothing is learned."""
    app = world.add_app(orders.url("chatwoot"), format="auto")
    with world.live.work():
        other = db.session.get_one(Account, world.desk.other_account_id)
        theirs = make_app(other, urls=(orders.url("chatwoot"),), format="auto").id
    visit(screen, world.path(world.jonas))
    post = """([path, token]) => fetch(path, {method: "POST", headers: token ? {"X-CSRFToken": token} : {}})
        .then((answer) => answer.status)"""
    token = json.loads(screen.locator("body").get_attribute("hx-headers:inherited") or "{}")["X-CSRFToken"]
    own, stranger = world.desk.account_id, world.desk.other_account_id

    assert screen.evaluate(post, [f"/accounts/{own}/apps/{app}/format", None]) == 400
    assert screen.evaluate(post, [f"/accounts/{own}/apps/{theirs}/format", token]) == 404
    assert screen.evaluate(post, [f"/accounts/{stranger}/apps/{theirs}/format", token]) == 404
    assert screen.evaluate(post, [f"/accounts/{own}/apps/{app}/format", token]) == 204


def test_the_page_of_one_app_shows_it_without_a_conversation(
    browser_page: Page, world: World, orders: AppPages, sign_in: Callable[[Page, Person], None]
) -> None:
    app = world.add_app(orders.url("chatwoot"))
    sign_in(browser_page, world.desk.ada)

    visit(browser_page, f"/accounts/{world.desk.account_id}/settings/integrations/dashboard-apps/{app}")

    [said] = received(frame_of(browser_page))
    assert said["data"]["conversation"] == {}
    assert said["data"]["contact"] == {}
    assert said["data"]["currentAgent"]["id"] == world.desk.ada.id
