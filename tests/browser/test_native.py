"""Apps that speak the desk's own protocol, on the running desk: what they get, may do, and cannot."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import change_app
from dashboard.apps.schemas.access import SCOPES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.posting import delete_message
from dashboard.extensions import db
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.factories import make_message
from tests.support.frames import arrived
from tests.support.frames import received
from tests.support.frames import send_away
from tests.support.frames import show
from tests.support.frames import state
from tests.support.native import BY_HAND
from tests.support.native import World
from tests.support.native import ask
from tests.support.native import ask_sdk
from tests.support.native import by_hand
from tests.support.native import by_sdk
from tests.support.native import choose
from tests.support.native import draft
from tests.support.native import make_world
from tests.support.native import open_app
from tests.support.native import silent
from tests.support.native import toasts
from tests.support.screens import visit
from tests.support.screens import wait_for_any
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

IS_TOLD_OF_JONAS = "talk.events.some(({data}) => data?.contact.name === 'Jonas Kühn')"


@pytest.fixture
def world(live: Server, desk: Desk) -> World:
    return make_world(live, desk)


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


def test_an_app_hears_what_it_may_do_by_now_how_much_room_it_has_and_that_a_note_is_gone(
    screen: Page, world: World, orders: AppPages
) -> None:
    account = world.desk.account_id
    app = world.add_app(orders.url("silent"), scopes=list(SCOPES), actions=["toast"], placement="tab")
    with world.live.work():
        found = db.session.scalars(
            select(Conversation).filter_by(display_id=world.maria, account_id=account)
        ).one()
        note_id = make_message(found, "Not for Maria", message_type="outgoing", private=True).id
    visit(screen, world.path(world.maria))
    show(screen, "Orders", place="main")
    frame = by_hand(screen)
    assert ask(frame, "toast", {"message": "Hello"}) is None

    with world.live.work():
        note = db.session.get_one(Message, note_id)
        delete_message(note, actor=db.session.get_one(User, world.desk.ada.id))
    frame.wait_for_function("talk.events.some(({ev}) => ev === 'context.changed')")
    assert "Not for Maria" in frame.evaluate("JSON.stringify(talk.welcome)")
    assert "Not for Maria" not in frame.evaluate("JSON.stringify(talk.events)")

    with world.live.work():
        change_app(db.session.get_one(DashboardApp, app), actions=["confirm"], actor=None)
    frame.wait_for_function("talk.events.some(({ev}) => ev === 'settings.changed')")
    settings = frame.evaluate("talk.events.find(({ev}) => ev === 'settings.changed')")
    assert (settings["app"]["title"], settings["granted"]["actions"]) == ("Orders", ["confirm"])
    assert ask(frame, "toast", {"message": "Hello"}) == "denied_scope"

    screen.set_viewport_size({"width": 1200, "height": 700})
    frame.wait_for_function(
        "talk.events.some(({ev, viewport}) => ev === 'frame.resized' && viewport.width === innerWidth)"
    )


@pytest.mark.attack(8, 15)
def test_an_app_on_the_sdk_follows_the_agent_and_writes_into_the_draft_of_whom_it_sees(
    screen: Page, world: World, orders: AppPages
) -> None:
    app = world.add_app(orders.url("silent"))
    open_app(screen, world)
    with screen.expect_response("**/format"):
        frame = by_sdk(screen, world.live.url)
    assert frame.evaluate("[desk.mode, desk.hostOrigin, desk.theme, desk.app.placement]") == [
        "native", world.live.url, "light", "side",
    ]  # fmt: skip
    assert frame.evaluate("told") == [["Maria Silva", "initial"]]

    assert frame.evaluate("desk.token().then((token) => token.split('.').length)") == 3

    old = frame.evaluate("desk.ctx")
    choose(screen, world.jonas)
    frame.wait_for_function("told.length === 2")
    assert frame.evaluate("told[1]") == ["Jonas Kühn", "conversation"]
    late = frame.evaluate(
        "ctx => { desk.ctx = ctx; return desk.reply.insert({text: 'Dear Maria'}).catch((e) => e.code) }", old
    )
    assert late == "stale_context"
    choose(screen, world.maria)
    frame.wait_for_function("told.length === 3")

    assert ask_sdk(frame, "desk.reply.insert({text: 'It is on <b>its</b> way.\\nBye'})") == {"kind": "reply"}
    expect(draft(screen)).to_have_value("It is on <b>its</b> way.\nBye")
    note = screen.get_by_text("Inserted by Orders")
    expect(note).to_be_visible()
    screen.get_by_role("button", name="Undo").click()
    expect(draft(screen)).to_have_value("")
    expect(note).to_be_hidden()
    assert ask_sdk(frame, "desk.reply.insert({text: 'It has left us'})") == {"kind": "reply"}
    screen.get_by_role("button", name="Send").click()
    expect(screen.locator(".message .inserted-by")).to_have_text("inserted by Orders")
    assert "vip" in ask_sdk(frame, "desk.labels.add({labels: ['vip']})")["labels"]
    expect(screen.locator(".activity").last).to_contain_text("added vip with Orders")
    ask_sdk(frame, "desk.reply.insert({text: 'Once more'})")
    assert ask_sdk(frame, "desk.note.insert({text: 'x', at: 'append'})") == "busy"
    draft(screen).press("Control+z")
    expect(draft(screen)).to_have_value("")

    screen.emulate_media(color_scheme="dark")
    frame.wait_for_function("desk.theme === 'dark'")
    assert [said.get("type") for said in received(frame)][-1] == "welcome", "nothing else after it"
    assert world.format_of(app) == "native"


@pytest.mark.attack(1)
def test_nobody_else_gets_a_port(screen: Page, world: World, orders: AppPages) -> None:
    with app_pages("localhost") as evil:
        world.add_app(
            orders.url(f"with-child?child={orders.url('silent')}"), evil.url("silent"), format="native"
        )
        visit(screen, world.path(world.maria))
        show(screen, "Orders")
        frame = silent(screen)
        child = next(each for each in frame.child_frames if each.name == "child")
        child.evaluate(BY_HAND)
        # from the frame of an app inside the app, in its own name and in that of the page around it
        child.evaluate("() => void greet({}, window.top)")
        child.evaluate("() => void greet({}, window.parent)")
        # synthetic, with ports, not as documented
        frame.evaluate(
            """() => {
              const hello = (more) => ({deskframe: 1, type: "hello", nonce: nonce(), versions: [1], ...more});
              const {port1} = new MessageChannel();
              parent.postMessage(hello(), "*", [port1]);
              parent.postMessage(hello({token: 1}), "*");
              parent.postMessage(hello({versions: [7]}), "*");
              parent.postMessage({...hello(), nonce: "x"}, "*");
            }"""
        )
        other = arrived(screen, 0, 1)
        other.evaluate(BY_HAND)

        assert other.evaluate("greet().then(({welcome}) => welcome.app.frame)") == 1
        assert child.evaluate("received.length") == 0
        assert [said for said in received(frame) if said.get("type") == "welcome"] == []
        assert frame.evaluate("greet().then(({welcome}) => welcome.app.frame)") == 0
        assert [said.get("type") for said in received(frame)].count("welcome") == 1


@pytest.mark.attack(6, 7)
def test_each_frame_has_its_own_session_and_a_second_hello_ends_the_first(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("silent?a"), title="Orders", actions=["toast"])
    world.add_app(
        orders.url("silent?b"), title="Names", scopes=["contact.basic"], actions=[], format="native"
    )
    open_app(screen, world)
    first = by_hand(screen)
    show(screen, "Names")
    second = by_hand(screen, 1)

    assert first.evaluate("talk.welcome.granted.actions") == ["toast"]
    assert second.evaluate("talk.welcome.granted.actions") == []
    assert second.evaluate("talk.welcome.ctx.data.contact.name") == "Maria Silva"
    assert second.evaluate("talk.welcome.ctx.data.conversation.messages ?? []") == []
    assert ask(second, "toast", {"message": "Hi"}) == "denied_scope"
    second.evaluate("window.old = talk")
    second.evaluate("() => greet().then(() => {})")
    second.evaluate("old.port.postMessage({id: 900, m: 'toast', p: {message: 'late'}})")
    assert ask(second, "toast", {"message": "Hi"}) == "denied_scope"
    assert second.evaluate("old.answers.filter(({id}) => id === 900)") == []
    choose(screen, world.jonas)
    second.wait_for_function(IS_TOLD_OF_JONAS)
    assert second.evaluate(
        "talk.events.filter(({ev}) => ev === 'context.changed').at(-1).data.contact.name"
    ) == ("Jonas Kühn")
    show(screen, "Orders")
    first.wait_for_function(IS_TOLD_OF_JONAS)
    visible = first.evaluate("talk.events.filter(({ev}) => ev === 'visibility').map(({visible}) => visible)")
    assert visible == [False, True]


@pytest.mark.attack(2, 17)
def test_who_has_led_itself_elsewhere_hears_no_more(screen: Page, world: World, orders: AppPages) -> None:
    world.add_app(orders.url("silent"))
    with app_pages("localhost") as evil:
        world.add_app(evil.url("silent"), title="Other")
        open_app(screen, world)
        frame = by_hand(screen)
        send_away(frame, evil.url("silent"))
        frame.wait_for_url(evil.url("silent"))
        stranger = silent(screen)
        stranger.evaluate("() => void greet()")
        screen.emulate_media(color_scheme="dark")
        choose(screen, world.jonas)
        show(screen, "Other")
        by_hand(screen, 1)
        assert stranger.evaluate("received.length") == 0


@pytest.mark.attack(9, 10, 12, 14, 16)
def test_whatever_is_sent_is_refused_and_a_flood_ends_with_the_apps_frame(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("silent"))
    open_app(screen, world)
    frame = by_hand(screen)
    codes = frame.evaluate(
        """async () => {
          const nested = (depth) => depth ? {inner: nested(depth - 1)} : 1;
          const cycle = {}; cycle.self = cycle;
          const odd = [10n, new Date(), new Map(), new Uint8Array(8), cycle, nested(200), NaN];
          const ctx = talk.welcome.ctx.id;
          const calls = [
            ...odd.map((value) => ["toast", {value}]),
            ["__proto__"], ["constructor"], ["toString"], ["m".repeat(10000)],
            ["toast", {message: "x".repeat(5_000_000)}],
            ["reply.insert", {text: "x".repeat(20_000)}, {ctx}],
            ...[NaN, "100px;position:fixed", null].map((height) => ["frame.resize", {height}]),
            ["clipboard.write", {text: "x"}],
            ...["javascript:alert(1)", "https:evil", "//evil"].map((url) => ["link.open", {url}]),
          ];
          const codes = [];
          for (const call of calls) codes.push((await request(...call)).e.code);
          return codes;
        }"""
    )
    assert codes == [
        *["invalid"] * 7, *["unsupported"] * 3, "too_large", "too_large", "too_large",
        *["invalid"] * 3, "denied_user", *["invalid"] * 3,
    ]  # fmt: skip

    frame.evaluate(
        """() => {
          const flood = () => {
            for (let n = 0; n < 100; n += 1) talk.port.postMessage({id: n, m: "toast", p: {message: "more"}});
            setTimeout(flood, 10);
          };
          flood();
        }"""
    )
    expect(state(screen, "Orders")).to_have_attribute("data-state", "paused")
    expect(screen.get_by_text("Orders did not stop sending messages")).to_be_visible()
    show(screen, "Contact")
    show(screen, "Orders")
    screen.get_by_role("button", name="Open it again").click()
    again = by_hand(screen)
    assert ask(again, "badge.set", {"value": 3}) is None


@pytest.mark.attack(12, 13, 35)
def test_an_app_acts_in_the_desk_in_its_own_name(screen: Page, world: World, orders: AppPages) -> None:
    world.add_app(orders.url("silent"))
    screen.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=world.live.url)
    open_app(screen, world)
    frame = by_hand(screen)

    ask(frame, "toast", {"message": "<b>Support Desk</b>:\u202e pay"})
    assert toasts(screen) == [{"title": "Orders", "message": "<b>Support Desk</b>: pay"}]
    ask(frame, "badge.set", {"value": 120})
    expect(screen.get_by_role("tab", name="Orders 99+")).to_be_visible()
    choose(screen, world.jonas)
    expect(screen.get_by_role("tab", name="Orders 99+")).to_be_visible()
    ask(frame, "badge.set", {"value": 0})
    expect(screen.get_by_role("tab", name="Orders", exact=True)).to_be_visible()
    assert [ask(frame, "frame.resize", {"height": height}) for height in (-1, 1e9)] == [
        {"height": 120}, {"height": 2000},
    ]  # fmt: skip

    frame.evaluate("() => { window.answer = request('confirm', {message: 'Refund 20 €?'}) }")
    dialog = screen.get_by_role("dialog", name="Orders asks")
    expect(dialog.get_by_text("Refund 20 €?")).to_be_visible()
    assert ask(frame, "confirm", {"message": "And this?"}) == "busy"
    dialog.get_by_role("button", name="OK").click()
    assert frame.evaluate("answer.then(({r}) => r)") == {"confirmed": True}

    frame.evaluate("() => { window.answer = request('modal.open', {url: '/silent?modal', title: 'Refund'}) }")
    dialog = screen.get_by_role("dialog", name="Orders Refund")
    expect(dialog.locator("iframe")).to_be_visible()
    inner = dialog.locator("iframe").element_handle().content_frame()
    inner.wait_for_function("window.received")
    inner.evaluate(BY_HAND)
    assert inner.evaluate("greet().then(({welcome}) => welcome.app.placement)") == "modal"
    inner.evaluate("() => { request('modal.close', {result: {refunded: 20}}) }")
    assert frame.evaluate("answer.then(({r}) => r)") == {"result": {"refunded": 20}}
    expect(dialog).to_be_hidden()
    assert ask(frame, "modal.open", {"url": world.live.url}) == "invalid"

    frame.evaluate(
        """(url) => {
          document.body.insertAdjacentHTML("beforeend", "<button>Copy</button><button>Open</button>");
          const [copy, open] = document.querySelectorAll("button");
          copy.onclick = () => { window.answer = request("clipboard.write", {text: "ORD-7"}) };
          open.onclick = () => { window.answer = request("link.open", {url}) };
        }""",
        orders.url("silent?link"),
    )
    frame.get_by_role("button", name="Copy").click()
    assert frame.evaluate("answer.then(({ok}) => ok)")
    assert screen.evaluate("navigator.clipboard.readText()") == "ORD-7"
    with screen.context.expect_page() as opened:
        frame.get_by_role("button", name="Open").click()
    opened.value.wait_for_function("window.received")
    assert opened.value.evaluate("[window.opener, document.referrer]") == [None, ""]
    assert toasts(screen)[-1] == {
        "title": "Orders",
        "message": f"Opened {orders.origin.removeprefix('http://')}",
    }


@pytest.mark.attack(8, 15, 19)
def test_a_late_welcome_is_about_whom_the_agent_sees_by_then_and_an_app_that_goes_may_say_good_bye(
    screen: Page, world: World, orders: AppPages
) -> None:
    world.add_app(orders.url("silent"), format="native")
    world.add_app(orders.url("silent"), title="Each", format="native", reloads=True)
    held: list[Route] = []
    screen.route("**/welcome?*", lambda route: held.append(route))
    open_app(screen, world)
    frame = silent(screen)
    frame.evaluate("() => { window.welcomed = greet() }")
    wait_for_any(screen, held)
    choose(screen, world.jonas)
    held.pop().continue_()
    wait_for_any(screen, held)
    held.pop().continue_()
    assert frame.evaluate("welcomed.then(({welcome}) => welcome.ctx.data.contact.name)") == "Jonas Kühn"
    screen.unroute("**/welcome?*")

    screen.evaluate(
        "() => { const field = document.createElement('input'); document.body.append(field); field.focus() }"
    )
    ctx = frame.evaluate("talk.welcome.ctx.id")
    assert ask(frame, "reply.insert", {"text": "Hi"}, ctx=ctx) == "busy"
    assert ask(frame, "reply.insert", {"text": "Hi"}, ctx="c9") == "stale_context"
    assert ask(frame, "reply.insert", {"text": "Hi"}) == "stale_context"
    assert ask(frame, "labels.add", {"labels": ["vip"], "conversation": world.maria}, ctx=ctx) == "invalid"

    show(screen, "Each")
    going = by_hand(screen, 1)
    going.evaluate(
        "() => talk.port.addEventListener('message', ({data}) => data.ev === 'teardown' && fetch('/bye'))"
    )
    with screen.expect_request("**/bye"):
        choose(screen, world.maria)
    assert by_hand(screen, 1).evaluate("talk.welcome.ctx.data.contact.name") == "Maria Silva"
