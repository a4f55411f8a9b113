"""What an app may not take, and what it loses at once: attacks on which only a browser decides."""

import json
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import change_app
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import remove_members
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.frames import arrived
from tests.support.frames import send_away
from tests.support.frames import show
from tests.support.native import World
from tests.support.native import ask
from tests.support.native import by_hand
from tests.support.native import draft
from tests.support.native import make_world
from tests.support.native import open_app
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

FIVE_SECONDS = 5000


@pytest.fixture
def world(live: Server, desk: Desk) -> World:
    return make_world(live, desk)


@pytest.fixture
def screen(browser_page: Page, desk: Desk, sign_in: Callable[[Page, Person], None]) -> Page:
    sign_in(browser_page, desk.bo)
    return browser_page


@pytest.fixture
def orders() -> Iterator[AppPages]:
    with app_pages("localhost") as pages:
        yield pages


TRAP = """<!doctype html><title>Trap</title><input id="trap" autofocus><script>
  window.received = [];
  const silence = "data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";
  const said = (act) => Promise.resolve().then(act).then(() => "done", (error) => error.name);
  setInterval(() => { trap.focus(); window.focus(); }, 20);
  addEventListener("beforeunload", (event) => event.preventDefault());
  window.tried = Promise.all([
    said(() => new Audio(silence).play()),
    said(() => document.documentElement.requestFullscreen()),
    said(() => document.body.requestPointerLock()),
  ]);
</script>"""


@pytest.mark.attack(36, 37)
def test_an_app_takes_neither_the_focus_nor_the_screen_and_holds_nobody_back(
    screen: Page, world: World, orders: AppPages
) -> None:
    dialogs: list[str] = []
    screen.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.accept()))
    orders.files["trap.html"] = TRAP
    world.add_app(orders.url("trap.html"))
    open_app(screen, world)
    assert arrived(screen).evaluate("tried") == ["NotAllowedError", "TypeError", "SecurityError"]

    draft(screen).click()
    expect(screen.get_by_text("Orders took the keyboard while you were writing")).to_be_visible()
    draft(screen).press_sequentially("What is meant for Maria")
    expect(draft(screen)).to_have_value("What is meant for Maria")

    screen.get_by_role("button", name="Open it again").click()
    arrived(screen).evaluate("alert('Sign in again')")
    screen.goto("about:blank")
    assert dialogs == []


@pytest.mark.attack(11, 35, 38, 40, 41)
def test_an_app_stays_in_its_box_and_so_does_what_it_opens(
    screen: Page, world: World, orders: AppPages
) -> None:
    dialogs: list[str] = []
    screen.context.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.accept()))
    world.add_app(orders.url("silent"))
    open_app(screen, world)
    frame = by_hand(screen)
    place = screen.url

    known = frame.evaluate(
        """[name, location.href, document.referrer, history.state,
            ...performance.getEntries().map(({name}) => name)]"""
    )
    assert (known[0], known[2]) == ("", f"{world.live.url}/")
    assert [word for word in ("Maria", "conversations", "@") if word in json.dumps(known)] == []

    assert ask(frame, "frame.resize", {"height": 1e9}) == {"height": 2000}
    screen.get_by_role("button", name="Send").click(trial=True)  # nothing lies above it
    frame.evaluate("() => void request('confirm', {message: 'Refund 20 €?'})")
    question = screen.get_by_role("dialog", name="Orders asks")
    expect(question).to_have_css("opacity", "1")
    question.get_by_role("button", name="OK").click()

    frame.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<button>Open</button>");
          document.querySelector("button").onclick = () => window.open("/silent?popup");
        }"""
    )
    with screen.context.expect_page() as opened:
        frame.get_by_role("button", name="Open").click()
    popup = opened.value
    popup.wait_for_function("window.received")
    assert popup.evaluate("confirm('Sign in again')") is False
    assert popup.evaluate("() => { try { opener.top.location = '/' } catch ({name}) { return name } }")

    with screen.expect_download():
        send_away(frame, orders.url("attached"))
    assert ask(frame, "badge.set", {"value": 1}) is None
    expect(screen).to_have_url(place)
    assert dialogs == []

    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url) if "/welcome?" in request.url else None)
    frame.evaluate("() => { for (let n = 0; n < 1000; n += 1) void greet() }")
    frame.wait_for_function("received.filter(({data}) => data.type === 'welcome').length > 1")
    assert len(asked) <= 5

    with app_pages("desk.localhost") as evil:
        evil.files["desk.html"] = (
            f'<!doctype html><title>Win</title><iframe src="{world.live.url}/login"></iframe>'
        )
        with screen.expect_console_message(lambda message: "frame-ancestors" in message.text):
            screen.goto(evil.url("desk.html"))
        expect(screen.frame_locator("iframe").get_by_role("textbox")).to_have_count(0)


@pytest.mark.attack(42)
def test_what_an_app_keeps_in_one_desk_it_does_not_find_in_another(
    screen: Page, world: World, orders: AppPages
) -> None:
    keep = "document.cookie = 'who=maria; SameSite=None; Secure; Partitioned'"
    with app_pages("shop.localhost") as shop:
        world.add_app(shop.url("silent"))
        open_app(screen, world)
        frame = arrived(screen)
        frame.evaluate(keep)
        assert frame.evaluate("document.cookie") == "who=maria"

        orders.files["desk.html"] = (
            f'<!doctype html><title>Other</title><iframe src="{shop.url("silent")}"></iframe>'
        )
        for address in (orders.url("desk.html"), shop.url("silent")):
            screen.goto(address)
            assert screen.frames[-1].evaluate("document.cookie") == ""


@pytest.mark.attack(20, 44)
def test_who_may_see_it_no_more_has_it_no_more(
    live: Server, desk: Desk, screen: Page, world: World, orders: AppPages
) -> None:
    """An app that is closed to an agent, and an inbox in which they work no longer: both while it is open."""
    closed = world.add_app(orders.url("silent?closed"), title="Closed")
    world.add_app(orders.url("silent?lost"), title="Lost")
    with live.work():
        account, bo = db.session.get_one(Account, desk.account_id), db.session.get_one(User, desk.bo.id)
        inbox = make_inbox(account, members=(bo,))
        inbox_id, number = inbox.id, make_conversation(inbox).display_id
    visit(screen, world.path(number))
    show(screen, "Closed")
    token = ask(by_hand(screen), "token.get")["token"]
    show(screen, "Lost")
    lost = by_hand(screen, 1)
    lost.evaluate(
        "() => talk.port.addEventListener('message', ({data}) => data.ev === 'teardown' && fetch('/bye'))"
    )
    other = ask(lost, "token.get")["token"]
    assert [holds(screen, live, each) for each in (token, other)] == [True, True]

    with live.work():
        change_app(
            db.session.get_one(DashboardApp, closed), visibility={"agent_ids": [desk.ada.id]}, actor=None
        )
    expect(screen.locator("#frame-shelf iframe")).to_have_count(1, timeout=FIVE_SECONDS)
    assert [holds(screen, live, each) for each in (token, other)] == [False, True]

    with live.work():
        remove_members(db.session.get_one(Inbox, inbox_id), user_ids=[desk.bo.id], actor=None)
    expect(screen.locator("#frame-shelf iframe")).to_have_count(0, timeout=FIVE_SECONDS)
    assert not holds(screen, live, other)
    assert "/bye" in orders.visits


def framing(url: str) -> str:
    return f'<!doctype html><title>Another desk</title><iframe src="{url}"></iframe>'


def holds(screen: Page, live: Server, token: str) -> bool:
    answer = screen.request.post(f"{live.url}/api/apps/introspect", data={"token": token})
    return bool(answer.json()["active"])


def test_a_note_a_file_and_the_way_to_somebody_else(screen: Page, world: World, orders: AppPages) -> None:
    world.add_app(orders.url("silent"))
    open_app(screen, world)
    frame = by_hand(screen)
    ctx = frame.evaluate("talk.welcome.ctx.id")

    assert ask(frame, "note.insert", {"text": "Paid on <Monday>"}, ctx=ctx) == {"kind": "note"}
    expect(screen.get_by_role("radio", name="Private note")).to_be_checked()
    expect(draft(screen)).to_have_value("Paid on <Monday>")
    screen.get_by_role("button", name="Undo").click()
    expect(draft(screen)).to_have_value("")

    frame.evaluate("() => { window.answer = request('download', {name: '../bill.txt', content: '20 €'}) }")
    with screen.expect_download() as kept:
        screen.get_by_role("dialog").get_by_role("button", name="OK").click()
    assert (kept.value.suggested_filename, kept.value.path().read_text()) == ("-bill.txt", "20 €")
    assert frame.evaluate("answer.then(({r}) => r)") == {"saved": True}

    assert ask(frame, "navigate", {"conversation": "//evil"}) == "invalid"
    assert ask(frame, "navigate", {"conversation": world.jonas}) is None
    frame.wait_for_function("talk.events.some(({data}) => data?.contact.name === 'Jonas Kühn')")
    expect(screen).to_have_url(f"{world.live.url}{world.path(world.jonas)}")
