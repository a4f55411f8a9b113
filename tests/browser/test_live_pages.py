"""Pages that follow what happens at the desk, in two browsers: nothing is reloaded, and nothing is missed."""

import re
import signal
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.operations.passwords import replace_password
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.posting import receive_message
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from tests.support.app_pages import app_pages
from tests.support.claims import cookie_of
from tests.support.databases import Databases
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_messages
from tests.support.frames import frame_of
from tests.support.frames import received
from tests.support.frames import show
from tests.support.screens import context_for
from tests.support.screens import ready
from tests.support.screens import wait_for_any
from tests.support.servers import Answer
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server
from tests.support.servers import free_port
from tests.support.sockets import opened

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class World:
    live: Server
    desk: Desk
    maria: int
    jonas: int

    def path(self, display_id: int | str = "") -> str:
        return f"/accounts/{self.desk.account_id}/conversations/{display_id}".rstrip("/")

    def api(self, person: Person, path: str, **body: object) -> Answer:
        answer = self.live.api(person.token).post(
            f"/api/v1/accounts/{self.desk.account_id}/conversations{path}", body
        )
        assert answer.status == 200, answer.body
        return answer

    def writes(self, display_id: int, content: str) -> None:
        """The contact does, as a channel would hand it in."""
        self.api(self.desk.ada, f"/{display_id}/messages", content=content, message_type="incoming")


@pytest.fixture
def world(live: Server, desk: Desk) -> World:
    return make_world(live, desk)


@pytest.fixture
def fragile(databases: Databases, migrated: str, tmp_path: Path) -> Iterator[World]:
    """A world whose desk may be stopped, and started at the same address."""
    server = Server(tmp_path / "fragile", databases.new(copy_of=migrated), PORT=str(free_port())).start()
    yield make_world(server, server.make_desk())
    server.stop()


def make_world(live: Server, desk: Desk) -> World:
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        account = db.session.get_one(Account, desk.account_id)
        made = []
        for hours, (name, texts) in enumerate((("Maria Silva", 40), ("Jonas Kühn", 2))):
            conversation = make_conversation(inbox, contact=make_contact(account, name=name))
            make_messages(conversation, texts)
            conversation.last_activity_at = clock.now() - timedelta(hours=hours)
            made.append(conversation.display_id)
        return World(live, desk, *made)


@pytest.fixture
def bo(browser_page: Page, world: World, sign_in: Callable[..., None]) -> Page:
    sign_in(browser_page, world.desk.bo)
    return browser_page


@pytest.fixture
def ada(browser: Browser, live: Server, world: World, sign_in: Callable[..., None]) -> Iterator[Page]:
    """A colleague, in another browser."""
    with context_for(browser, live) as context:
        page = context.new_page()
        sign_in(page, world.desk.ada)
        yield page


def visit(page: Page, path: str) -> None:
    """Until the page hears what happens."""
    with page.expect_websocket(lambda socket: "/cable" in socket.url):
        page.goto(path)
    expect(page.locator(".live-state[data-connected]")).to_be_attached()
    ready(page)


def row(page: Page, display_id: int) -> Locator:
    return page.locator(f'.row[data-conversation="{display_id}"]')


def last(page: Page) -> Locator:
    return page.locator(".message .bubble").last


def test_what_happens_elsewhere_shows_in_list_and_thread(bo: Page, ada: Page, world: World) -> None:
    visit(bo, world.path(world.maria))
    visit(ada, world.path())

    world.writes(world.maria, "It arrived broken")
    expect(last(bo)).to_have_text("It arrived broken")
    expect(last(bo)).to_be_in_viewport()
    expect(bo.locator("article", has_text="It arrived broken")).to_have_count(1)
    expect(row(bo, world.maria).locator(".count")).to_have_count(0)  # Bo looks at it
    expect(row(ada, world.maria).locator(".row-text")).to_have_text("It arrived broken")

    world.writes(world.jonas, "Hello again")
    expect(bo.locator(".row").first).to_contain_text("Jonas Kühn")
    expect(row(bo, world.jonas).locator(".count")).to_contain_text("3")
    expect(row(bo, world.maria)).to_have_attribute("aria-current", "true")

    bo.locator(".conv-head").get_by_role("button", name="Resolve").click()
    expect(row(bo, world.maria)).to_have_count(0)
    expect(row(ada, world.maria)).to_have_count(0)
    expect(ada.locator("#list-all .tally")).to_have_text("1")
    world.writes(world.maria, "Still broken")
    expect(ada.locator(".row").first).to_contain_text("Maria Silva")
    expect(bo.locator(".conv-head .badge")).to_have_text("Open")

    world.api(world.desk.ada, f"/{world.maria}/assignments", assignee_id=world.desk.bo.id)
    expect(bo.get_by_role("button", name="Assignee: Bo Agent")).to_be_visible()
    expect(bo.locator("#list-me .tally")).to_have_text("1")


def test_who_reads_further_up_is_not_carried_away(bo: Page, world: World) -> None:
    visit(bo, world.path(world.maria))
    seen = bo.get_by_text("Message 18", exact=True)
    seen.scroll_into_view_if_needed()
    expect(seen).to_be_in_viewport()
    place = seen.bounding_box()

    world.writes(world.maria, "A new one")
    button = bo.get_by_role("button", name="New messages")
    expect(button).to_be_visible()
    expect(bo.locator("article", has_text="A new one")).to_have_count(1)
    ready(bo)
    assert abs(seen.bounding_box()["y"] - place["y"]) < 2
    button.click()
    expect(last(bo)).to_be_in_viewport()
    expect(button).to_be_hidden()


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def send(page: Page, text: str) -> None:
    box(page).fill(text)
    page.keyboard.press("Control+Enter")


def said(world: World, text: str) -> int:
    """How often the desk has it."""
    with world.live.work():
        query = db.select(db.func.count()).select_from(Message)
        return db.session.scalar(query.where(Message.content == text)) or 0


def test_what_is_sent_without_an_answer_is_sent_once(bo: Page, world: World) -> None:
    visit(bo, world.path(world.maria))
    lost = []

    def lose(route: Route) -> None:
        """The desk gets it, and its answer gets lost."""
        lost.append(route.fetch())
        route.abort()

    bo.route("**/messages", lose, times=1)
    first, second = f"On it {uuid4()}", f"Done {uuid4()}"
    with bo.expect_event("requestfailed", lambda request: request.url.endswith("/messages")):
        send(bo, first)
    expect(box(bo)).to_have_value("")
    expect(box(bo)).to_be_focused()
    unsent = bo.locator("[data-unsent]")
    card = bo.locator("article", has_text=first)
    expect(card).to_have_count(1)
    expect(card).not_to_have_attribute("data-unsent", "")  # the socket told of it all the same
    assert lost[0].status == 200

    bo.route("**/messages", lambda route: route.abort())
    send(bo, second)
    expect(unsent).to_contain_text("Not sent")
    bo.reload()
    expect(unsent).to_contain_text(second)
    assert said(world, second) == 0
    bo.unroute_all()
    unsent.get_by_role("button", name="Retry").click()
    expect(unsent).to_have_count(0)
    expect(bo.locator("article", has_text=second)).to_have_count(1)
    assert (said(world, first), said(world, second)) == (1, 1)


def test_messages_stand_there_at_once_and_stay_in_order(bo: Page, world: World) -> None:
    visit(bo, world.path(world.jonas))
    held: list[Route] = []
    bo.route("**/messages", lambda route: held.append(route), times=1)

    send(bo, "One")
    send(bo, "Two")
    expect(bo.locator("[data-unsent] .bubble")).to_have_text(["One", "Two"])
    expect(bo.locator("[data-unsent]").first).to_contain_text("Sending")
    wait_for_any(bo, held)
    row(bo, world.maria).click()
    expect(bo.get_by_role("heading", level=1)).to_have_text("Maria Silva")
    ready(bo)
    held[0].continue_()

    row(bo, world.jonas).click()
    expect(bo.locator("article .bubble").nth(-2)).to_have_text("One")
    expect(last(bo)).to_have_text("Two")
    expect(bo.locator("[data-unsent]")).to_have_count(0)


def test_colleagues_see_each_other(bo: Page, ada: Page, world: World) -> None:
    visit(bo, world.path(world.maria))
    visit(ada, world.path(world.maria))
    line = ada.locator(".typing")
    beside = ada.locator(".conv-head .lookers")

    expect(beside).to_contain_text("Bo Agent is looking at this too")
    expect(bo.locator(".conv-head .lookers")).to_contain_text("Ada Admin is looking at this too")
    box(bo).press_sequentially("I")
    expect(line).to_have_text("Bo Agent is replying…")
    bo.get_by_text("Private note", exact=True).click()
    expect(line).to_have_text("")  # one word after the other: they go by ways of their own
    box(bo).press_sequentially(" think")
    expect(line).to_have_text("Bo Agent is writing a note…")
    box(bo).blur()
    expect(line).to_have_text("")
    expect(bo.locator(".typing")).to_have_text("")

    ada.locator(".conv-head").get_by_role("button", name="Resolve").click()
    expect(ada.locator(".conv-head .badge")).to_have_text("Resolved")
    expect(beside).to_be_visible()  # in the head that was drawn anew
    bo.goto(world.path(world.jonas))
    expect(beside).to_have_count(0)
    ada.goto(world.path(world.jonas))
    expect(bo.locator(".conv-head .lookers")).to_be_visible()
    ada.close()
    expect(bo.locator(".conv-head .lookers")).to_have_count(0)


def test_who_is_there_and_what_wants_attention(bo: Page, ada: Page, world: World) -> None:
    bo.context.grant_permissions(["notifications"])
    bo.add_init_script("""
        window.told = [];
        window.Notification = class extends EventTarget {
            static permission = "granted";
            static requestPermission = async () => "granted";
            constructor(title, { body }) { super(); window.told.push(`${title}: ${body}`); }
        };
    """)
    visit(bo, world.path(world.jonas))
    expect(bo).to_have_title(re.compile(r"^\(1\) Jonas"))  # Maria waits
    bo.get_by_role("button", name="Your menu").click()
    bo.get_by_role("button", name="Busy").click()
    expect(bo.locator("#me")).to_be_hidden()  # once the desk has answered
    bo.get_by_role("button", name="Your menu").click()
    expect(bo.get_by_role("button", name="Busy")).to_have_attribute("aria-pressed", "true")
    bo.get_by_role("button", name="Notifications here").click()
    expect(bo.locator('[data-notify="desktop"]')).to_have_attribute("aria-pressed", "true")

    cookie = cookie_of(world.live, world.desk.cy)
    visit(ada, f"/accounts/{world.desk.account_id}/settings/agents")
    expect(ada.locator(f"#agent-{world.desk.bo.id} .avatar")).to_have_attribute("data-presence", "busy")
    expect(ada.locator(f"#agent-{world.desk.cy.id} .avatar")).to_have_attribute("data-presence", "offline")
    with opened(world.live.url, origin=world.live.url, additional_headers={"Cookie": cookie}) as cy:
        cy.subscribe(account_id=world.desk.account_id, user_id=world.desk.cy.id)
        expect(ada.locator(f"#agent-{world.desk.cy.id} .avatar")).to_have_attribute("data-presence", "online")
    expect(ada.locator(f"#agent-{world.desk.cy.id} .avatar")).to_have_attribute("data-presence", "offline")

    world.writes(world.maria, "Anybody there?")
    bo.wait_for_function("window.told.length > 0")
    world.writes(world.jonas, "I see you are here")
    expect(last(bo)).to_have_text("I see you are here")
    assert bo.evaluate("window.told") == ["Maria Silva: Anybody there?"]
    row(bo, world.maria).click()
    expect(bo).to_have_title(re.compile("^Maria Silva"))


def test_nothing_is_missed_or_lost_while_the_desk_is_away(
    browser: Browser, fragile: World, sign_in: Callable[..., None]
) -> None:
    with context_for(browser, fragile.live) as context:
        bo = context.new_page()
        sign_in(bo, fragile.desk.bo, fragile.live)
        a_desk_goes_away_and_comes_back(bo, fragile)


def a_desk_goes_away_and_comes_back(bo: Page, fragile: World) -> None:
    visit(bo, fragile.path(fragile.maria))

    fragile.live.stop()
    expect(bo.locator(".live-state")).to_have_text("Reconnecting…")
    send(bo, "I am still here")
    expect(bo.locator("[data-unsent]")).to_contain_text("Not sent")
    with fragile.live.work():
        inbox = db.session.get_one(Inbox, fragile.desk.inbox_id)
        account = db.session.get_one(Account, fragile.desk.account_id)
        make_messages(make_conversation(inbox, contact=make_contact(account, name="Newcomer")), 1)
        maria = db.session.execute(
            db.select(Conversation).filter_by(account_id=account.id, display_id=fragile.maria)
        ).scalar_one()
        receive_message(maria, content="Are you there?")
    fragile.live.start()

    expect(bo.locator(".live-state")).to_have_text("", timeout=60_000)  # it tries ever more seldom
    expect(bo.locator(".bubble", has_text="Are you there?")).to_have_count(1)
    expect(bo.locator(".row", has_text="Newcomer")).to_be_visible()
    expect(bo.locator("[data-unsent]")).to_have_count(0)
    expect(bo.locator(".bubble", has_text="I am still here")).to_have_count(1)
    assert said(fragile, "I am still here") == 1

    with bo.expect_websocket(lambda socket: "/cable" in socket.url):
        fragile.live.process.send_signal(signal.SIGHUP)
        fragile.writes(fragile.maria, "While it changes hands")
    expect(bo.locator(".bubble", has_text="While it changes hands")).to_have_count(1)
    fragile.writes(fragile.maria, "And afterwards")
    expect(last(bo)).to_have_text("And afterwards")


def test_apps_follow_what_happens_elsewhere(bo: Page, world: World) -> None:
    with app_pages() as pages:
        with world.live.work():
            account = db.session.get_one(Account, world.desk.account_id)
            make_app(account, title="Orders", urls=(pages.url("chatwoot"),))
        visit(bo, world.path(world.maria))
        show(bo, "Orders")
        app = frame_of(bo)

        world.writes(world.maria, "Told to apps too")
        app.wait_for_function("received.some(({data}) => data.includes('Told to apps too'))")
        app.wait_for_function("understood.at(-1).data.conversation.unread_count === 0")  # seen: told as well
        told = app.evaluate("received.length")
        world.api(world.desk.ada, f"/{world.jonas}/messages", content="Not about Maria")
        expect(row(bo, world.jonas).locator(".row-text")).to_contain_text("Not about Maria")

        assert app.evaluate("received.length") == told
        letter = received(app)[-1]
        assert letter["data"]["contact"]["name"] == "Maria Silva"
        assert letter["data"]["conversation"]["messages"][-1]["content"] == "Told to apps too"


def test_who_is_put_out_is_led_away_and_keeps_the_draft(bo: Page, world: World) -> None:
    visit(bo, world.path(world.maria))
    box(bo).fill("Half a sentence")

    with world.live.work():
        user = db.session.get_one(User, world.desk.bo.id)
        replace_password(user, user.password_hash or "")

    expect(bo).to_have_url(re.compile("/login\\?next="))
    bo.locator("input[name=email]").fill(world.desk.bo.email)
    bo.locator("input[name=password]").fill(world.desk.bo.password)
    bo.keyboard.press("Enter")
    expect(box(bo)).to_have_value("Half a sentence")
