"""The frame host by itself, with apps on other origins: what it frames, tells, hears and refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Frame
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.desk_page import DeskPage
from tests.support.desk_page import desk_page
from tests.support.desk_page import make_app
from tests.support.desk_page import make_context
from tests.support.frames import arrived
from tests.support.frames import customer
from tests.support.frames import frame_of
from tests.support.frames import received
from tests.support.frames import send_away
from tests.support.frames import show
from tests.support.frames import state
from tests.support.screens import PATIENCE
from tests.support.screens import ready

pytestmark = pytest.mark.browser

SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads"
PEOPLE = {"1": "Maria", "2": "Jonas", "3": "Priya"}
SET_THEME = "theme => { document.documentElement.dataset.theme = theme }"


@pytest.fixture
def screen(browser: Browser) -> Iterator[Page]:
    screen = browser.new_page(
        viewport={"width": 1440, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    screen.set_default_timeout(PATIENCE)
    screen.add_init_script("window.toasts = []; addEventListener('toast', e => toasts.push(e.detail), true)")
    yield screen
    screen.close()


@pytest.fixture
def orders() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


@pytest.fixture
def billing() -> Iterator[AppPages]:
    with app_pages("localhost") as pages:
        yield pages


@pytest.fixture
def stage() -> Iterator[DeskPage]:
    with desk_page([], {key: make_context(name) for key, name in PEOPLE.items()}) as stage:
        yield stage


def open_desk(screen: Page, stage: DeskPage, *apps: dict[str, Any], at: str = "1") -> None:
    stage.apps = list(apps)
    screen.goto(f"{stage.url}/{at}")
    expect(screen.get_by_role("tab", selected=True)).to_have_count(2)
    ready(screen)


def go_to(screen: Page, key: str) -> None:
    screen.get_by_role("link", name=f"Conversation {key}").click()
    expect(screen.get_by_role("heading", name=f"Conversation {key}")).to_be_visible()
    ready(screen)


def reload(screen: Page) -> None:
    screen.locator("#dashboard-app--frame-0-0").evaluate("frame => { frame.dataset.isOld = true }")
    state(screen, "App 7").get_by_role("button", name="Reload").click()
    expect(screen.locator("iframe[data-is-old]")).to_have_count(0)
    expect(screen.locator("#dashboard-app--frame-0-0")).to_be_attached()


@pytest.mark.attack(41)
def test_a_frame_has_exactly_the_attributes_of_the_design(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))

    show(screen, "App 7")

    iframe = screen.locator("iframe")
    expect(iframe).to_have_attribute("sandbox", SANDBOX)
    expect(iframe).to_have_attribute("allow", "")
    expect(iframe).to_have_attribute("referrerpolicy", "strict-origin")
    expect(iframe).to_have_attribute("title", "App 7")
    expect(iframe).to_have_attribute("id", "dashboard-app--frame-0-0")
    expect(iframe).to_have_attribute("src", orders.url("chatwoot"))
    assert sorted(iframe.evaluate("frame => frame.getAttributeNames()")) == [
        "allow", "id", "referrerpolicy", "sandbox", "src", "title",
    ]  # fmt: skip
    assert frame_of(screen).evaluate("document.referrer") == f"{stage.url}/"


def test_a_frame_is_made_when_its_tab_is_first_shown_and_then_kept(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    expect(screen.get_by_role("tab", name="Contact")).to_have_attribute("aria-selected", "true")
    assert orders.visits == []
    expect(screen.locator("iframe")).to_have_count(0)

    show(screen, "App 7")
    frame = frame_of(screen)
    frame.evaluate("window.typed = 'half a refund'")
    show(screen, "Contact")
    expect(screen.locator("iframe")).to_be_hidden()
    show(screen, "App 7")
    expect(screen.locator("iframe")).to_be_visible()

    assert frame.evaluate("window.typed") == "half a refund"
    assert orders.visits == ["/chatwoot"]


def test_the_line_above_says_the_origin_and_offers_reload_and_a_new_tab(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot?x=1")))
    show(screen, "App 7")
    frame_of(screen)

    expect(state(screen, "App 7")).to_contain_text(orders.origin)
    link = state(screen, "App 7").get_by_role("link", name="Open in a new tab")
    expect(link).to_have_attribute("href", orders.url("chatwoot?x=1"))
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    steps = screen.evaluate("history.length")
    reload(screen)

    customer(frame_of(screen), "Maria")
    assert orders.visits == ["/chatwoot?x=1"] * 2
    assert screen.evaluate("history.length") == steps


def test_several_endpoints_stand_under_one_another(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    screen.set_viewport_size({"width": 1440, "height": 500})
    open_desk(
        screen,
        stage,
        make_app(6, orders.url("silent")),
        make_app(7, orders.url("chatwoot"), billing.url("chatwoot")),
    )

    show(screen, "App 7")
    customer(frame_of(screen, 1, 0), "Maria")
    customer(frame_of(screen, 1, 1), "Maria")

    boxes = [screen.locator(f"#dashboard-app--frame-1-{index}").bounding_box() for index in (0, 1)]
    assert all(box is not None and box["height"] >= 320 for box in boxes)
    expect(screen.locator("#dashboard-app--frame-1-0")).to_have_attribute("title", "App 7 1")
    expect(screen.locator("#dashboard-app--frame-1-1")).to_have_attribute("title", "App 7 2")
    expect(state(screen, "App 7 2")).to_contain_text(billing.origin)
    screen.locator("#dashboard-app--frame-1-1").scroll_into_view_if_needed()
    expect(screen.locator("#dashboard-app--frame-1-1")).to_be_in_viewport()


def test_an_app_in_both_places_has_one_frame_that_is_shown_where_it_was_opened_last(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot"), places=["side", "tab"]))
    show(screen, "App 7")
    frame_of(screen).evaluate("window.typed = 'kept'")
    side = screen.locator("#app-7-side").bounding_box()

    show(screen, "App 7", place="main")
    expect(screen.get_by_text("This app is open in another place")).to_be_visible()
    tab = screen.locator("#app-7-tab").bounding_box()
    screen.wait_for_function(
        "x => document.querySelector('iframe').getBoundingClientRect().x === x", arg=tab and tab["x"]
    )
    screen.get_by_role("button", name="Show it here").click()
    screen.wait_for_function(
        "x => document.querySelector('iframe').getBoundingClientRect().x === x", arg=side and side["x"]
    )

    expect(screen.locator("iframe")).to_have_count(1)
    assert frame_of(screen).evaluate("window.typed") == "kept"
    assert orders.visits == ["/chatwoot"]


def test_frames_follow_their_slot(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame_of(screen)

    screen.evaluate("document.querySelector('.desk').style.gridTemplateColumns = '5rem 1fr 40rem'")
    screen.wait_for_function("() => document.querySelector('iframe').getBoundingClientRect().width > 600")

    slot = screen.locator("#app-7-side").bounding_box()
    group = screen.locator("#app-frames-7").bounding_box()
    assert slot == group


def test_switching_conversation_keeps_the_frame_and_tells_it_the_next_customer(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)
    customer(frame, "Maria")
    frame.evaluate("window.typed = 'half a refund'")

    go_to(screen, "2")
    customer(frame, "Jonas")
    screen.go_back()
    customer(frame, "Maria")
    expect(screen.get_by_role("heading", name="Conversation 1")).to_be_visible()
    screen.go_forward()
    customer(frame, "Jonas")

    assert screen.url == f"{stage.url}/2"
    assert frame.evaluate("window.typed") == "half a refund"
    assert orders.visits == ["/chatwoot"]
    assert [said["data"]["meta"]["ctx"] for said in received(frame)] == ["1", "2", "1", "2"]


def test_back_from_another_page_shows_the_conversation_again(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    go_to(screen, "2")
    screen.get_by_role("link", name="Another page").click()
    screen.wait_for_url("**/elsewhere")

    screen.go_back()
    expect(screen.get_by_role("heading", name="Conversation 2")).to_be_visible()
    screen.go_back()

    expect(screen.get_by_role("heading", name="Conversation 1")).to_be_visible()


def test_back_to_a_conversation_that_has_gone_says_so(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    go_to(screen, "2")
    del stage.contexts["1"]

    screen.go_back()

    expect(screen.get_by_text("nothing here")).to_be_visible()


def test_reload_for_each_conversation_starts_afresh_and_never_tells_one_about_the_other(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot"), reload=True))
    show(screen, "App 7")
    first = frame_of(screen)
    screen.locator("iframe").evaluate("frame => { frame.dataset.isOld = true }")

    go_to(screen, "2")
    expect(screen.locator("iframe[data-is-old]")).to_have_count(0)
    expect(screen.locator("iframe")).to_have_count(1)

    second = frame_of(screen)
    customer(second, "Jonas")
    assert first.is_detached()
    assert [said["data"]["meta"]["ctx"] for said in received(second)] == ["2"]
    assert orders.visits == ["/chatwoot", "/chatwoot"]


@pytest.mark.attack(19)
def test_a_frame_that_is_still_loading_hears_only_of_the_latest_conversation(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("held")))
    show(screen, "App 7")
    expect(screen.locator("iframe")).to_have_count(1)
    go_to(screen, "2")
    go_to(screen, "1")

    orders.release()

    frame = frame_of(screen)
    customer(frame, "Maria")
    screen.evaluate(SET_THEME, "dark")
    frame.wait_for_function("received.length > 1")
    assert [said["data"]["contact"]["name"] for said in received(frame)] == ["Maria", "Maria"]


def test_a_hidden_frame_is_told_once_when_it_is_shown_again(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")), make_app(8, billing.url("chatwoot")))
    show(screen, "App 7")
    hidden = frame_of(screen)
    show(screen, "App 8")
    seen = frame_of(screen, 1)

    go_to(screen, "2")
    screen.evaluate(SET_THEME, "dark")
    go_to(screen, "3")
    customer(seen, "Priya")
    assert len(received(hidden)) == 1
    show(screen, "App 7")

    customer(hidden, "Priya")
    assert [said["data"]["meta"]["ctx"] for said in received(hidden)] == ["1", "3"]


def test_a_hidden_frame_is_not_told_what_it_knows(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")), make_app(8, billing.url("chatwoot")))
    show(screen, "App 7")
    hidden = frame_of(screen)
    show(screen, "App 8")
    customer(frame_of(screen, 1), "Maria")
    go_to(screen, "2")
    customer(frame_of(screen, 1), "Jonas")
    go_to(screen, "1")
    customer(frame_of(screen, 1), "Maria")

    show(screen, "App 7")
    screen.evaluate(SET_THEME, "dark")
    hidden.wait_for_function("received.length > 1")

    assert [said["data"]["theme"] for said in received(hidden)] == ["light", "dark"]


def test_the_theme_is_told_as_it_is_seen_and_again_when_it_changes(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)

    screen.emulate_media(color_scheme="dark")
    frame.wait_for_function("received.length === 2")
    screen.evaluate(SET_THEME, "light")
    frame.wait_for_function("received.length === 3")
    screen.emulate_media(color_scheme="light")
    screen.evaluate(SET_THEME, "dark")
    frame.wait_for_function("received.length === 4")

    assert [said["data"]["theme"] for said in received(frame)] == ["light", "dark", "light", "dark"]


def test_a_change_on_the_page_is_told_and_a_change_of_nothing_is_not(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)
    again = screen.get_by_role("link", name="Conversation 1")

    with screen.expect_response("**/1"):
        again.click()
    stage.contexts["1"]["conversation"]["status"] = "resolved"
    again.click()

    frame.wait_for_function("received.length > 1")
    assert [said["data"]["conversation"]["status"] for said in received(frame)] == ["open", "resolved"]


def test_without_a_conversation_there_is_no_one_to_tell_of(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)

    screen.evaluate("document.getElementById('app-context').remove()")
    screen.evaluate("document.dispatchEvent(new CustomEvent('htmx:after:swap'))")
    frame.wait_for_function("received.length > 1")

    said = received(frame)[-1]
    assert said["data"]["conversation"] == {}
    assert said["data"]["contact"] == {}
    assert said["data"]["currentAgent"] == {"id": 7, "name": "Bo", "email": "bo@acme.example"}
    assert said["data"]["meta"]["ctx"] == ""


def test_an_app_that_has_gone_takes_its_frame_along(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")), make_app(8, billing.url("chatwoot")))
    show(screen, "App 7")
    frame_of(screen)
    show(screen, "App 8")
    kept = frame_of(screen, 1)

    stage.apps = stage.apps[1:]
    go_to(screen, "2")

    expect(screen.locator("iframe")).to_have_count(1)
    expect(screen.locator("iframe")).to_have_attribute("id", "dashboard-app--frame-0-0")
    customer(kept, "Jonas")


def test_ten_frames_live_and_the_longest_unused_goes_first(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, *[make_app(number, orders.url(f"chatwoot?{number}")) for number in range(1, 13)])
    for number in range(1, 11):
        show(screen, f"App {number}")
        customer(frame_of(screen, number - 1), "Maria")
    show(screen, "App 1")

    show(screen, "App 11")
    customer(frame_of(screen, 10), "Maria")
    show(screen, "App 12")
    customer(frame_of(screen, 11), "Maria")

    live = screen.locator("iframe").evaluate_all(
        "frames => frames.map(frame => Number(frame.title.slice(4)))"
    )
    assert sorted(live) == [1, 4, 5, 6, 7, 8, 9, 10, 11, 12]


@pytest.mark.attack(49)
@pytest.mark.parametrize(
    ("dialect", "counts"),
    [
        ("chatwoot", {"chatwoot": (1, 0), "ndoto": (0, 0), "tolerant": (1, 0), "bare": (1, 0)}),
        ("ndoto", {"chatwoot": (0, 0), "ndoto": (1, 0), "tolerant": (1, 0), "bare": (0, 1)}),
        ("auto", {"chatwoot": (1, 0), "ndoto": (1, 0), "tolerant": (2, 0), "bare": (1, 1)}),
    ],
)
def test_each_reader_hears_each_format_as_often_as_it_should(
    screen: Page, stage: DeskPage, orders: AppPages, dialect: str, counts: dict[str, tuple[int, int]]
) -> None:
    open_desk(screen, stage, make_app(7, *[orders.url(kind) for kind in counts], format=dialect))

    show(screen, "App 7")

    posts = 2 if dialect == "auto" else 1
    for index, (kind, count) in enumerate(counts.items()):
        frame = frame_of(screen, 0, index)
        frame.wait_for_function("count => received.length === count", arg=posts)
        assert (kind, tuple(frame.evaluate("[understood.length, stumbled]"))) == (kind, count)
        assert {said["event"] for said in received(frame)} == {"appContext"}


@pytest.mark.attack(49)
def test_an_automatic_app_that_asks_is_taken_for_chatwoots_from_then_on(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot"), format="auto"))
    show(screen, "App 7")
    frame = frame_of(screen)
    frame.wait_for_function("received.length === 2")

    frame.evaluate("ask()")
    frame.wait_for_function("received.length === 3")
    go_to(screen, "2")
    frame.wait_for_function("received.length === 4")

    kinds = frame.evaluate("received.map(({kind}) => kind)")
    assert kinds == ["object", "string", "string", "string"]
    assert stage.learned == [("/learn/7", {"format": ["chatwoot"]}, "crumb")]


@pytest.mark.attack(5)
def test_only_the_frame_that_asks_is_answered(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    apps = [
        make_app(7, orders.url("chatwoot"), orders.url("chatwoot?second"), places=["side"]),
        make_app(8, orders.url("chatwoot?other"), billing.url("chatwoot"), places=["tab"]),
    ]
    open_desk(screen, stage, *apps)
    show(screen, "App 7")
    show(screen, "App 8", place="main")
    frames = [frame_of(screen, position, index) for position in (0, 1) for index in (0, 1)]
    asker = frames[1]

    asker.evaluate("ask()")
    asker.wait_for_function("received.length === 2")

    assert [len(received(frame)) for frame in frames] == [1, 2, 1, 1]


def test_many_questions_get_one_answer_now_and_one_at_the_end_of_the_second(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)

    frame.evaluate("for (let n = 0; n < 1000; n++) ask()")
    frame.wait_for_function("received.length === 3")
    frame.evaluate("ask()")
    frame.wait_for_function("received.length === 4")

    assert len(received(frame)) == 4


def test_an_app_may_ask_before_it_has_loaded(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    open_desk(screen, stage, make_app(7, orders.url("slow-to-load?then=asks-early")))

    show(screen, "App 7")

    frame = frame_of(screen)
    customer(frame, "Maria")
    expect(state(screen, "App 7")).to_have_attribute("data-state", "ready")
    go_to(screen, "2")
    customer(frame, "Jonas")
    orders.release()
    frame.wait_for_function("received.length === 3")


def test_an_app_that_has_loaded_and_says_nothing_is_no_error(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    screen.clock.install()
    open_desk(screen, stage, make_app(7, orders.url("silent")))
    show(screen, "App 7")
    frame_of(screen)

    screen.clock.fast_forward(60_000)

    expect(state(screen, "App 7")).to_have_attribute("data-state", "ready")
    expect(state(screen, "App 7").get_by_role("status")).to_have_text("")


def test_an_app_that_does_not_load_is_said_not_to_answer_until_it_does(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    screen.clock.install()
    open_desk(screen, stage, make_app(7, orders.url("held")))
    show(screen, "App 7")
    expect(screen.locator("iframe")).to_have_count(1)
    expect(state(screen, "App 7").get_by_role("status")).to_have_text("Loading App 7…")

    screen.clock.fast_forward(15_000)

    expect(state(screen, "App 7").get_by_role("status")).to_contain_text("App 7 does not answer")
    expect(state(screen, "App 7").get_by_role("button", name="Reload")).to_be_visible()
    orders.release()
    customer(frame_of(screen), "Maria")
    expect(state(screen, "App 7").get_by_role("status")).to_have_text("")


def test_an_app_of_the_desks_own_protocol_that_does_not_say_hello_is_told_nothing_and_is_silent(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    screen.clock.install()
    open_desk(screen, stage, make_app(7, orders.url("silent"), format="native"))
    show(screen, "App 7")
    expect(state(screen, "App 7")).to_have_attribute("data-state", "ready")
    frame = arrived(screen)

    screen.clock.fast_forward(60_000)

    expect(state(screen, "App 7").get_by_role("status")).to_contain_text("App 7 does not answer")
    assert frame.evaluate("received") == []


@pytest.mark.attack(17)
def test_a_frame_that_went_elsewhere_hears_nothing_and_says_where_it_wanted_to_go(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    with app_pages() as evil:
        open_desk(screen, stage, make_app(7, orders.url("chatwoot")), make_app(8, billing.url("chatwoot")))
        show(screen, "App 8")
        frame_of(screen, 1)
        show(screen, "App 7")
        frame = frame_of(screen)

        send_away(frame, evil.url("chatwoot?secret=1"))

        expect(state(screen, "App 7").get_by_role("status")).to_have_text(
            f"This app tried to open {evil.origin}, which is not its own."
        )
        screen.evaluate(SET_THEME, "dark")
        go_to(screen, "2")
        show(screen, "App 8")
        customer(frame_of(screen, 1), "Jonas")
        assert evil.visits == []
        expect(state(screen, "App 8")).to_have_attribute("data-state", "ready")
        show(screen, "App 7")
        reload(screen)
        customer(frame_of(screen), "Jonas")


def test_a_frame_that_moved_to_another_apps_origin_hears_nothing_and_is_not_heard(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")), make_app(8, billing.url("chatwoot")))
    show(screen, "App 7")
    moved = frame_of(screen)

    send_away(moved, billing.url("asks-early"))
    moved.wait_for_url(billing.url("asks-early"))
    moved.wait_for_load_state()
    moved.evaluate("parent.postMessage({type: 'notification', message: 'Sign in again'}, '*')")
    screen.evaluate(SET_THEME, "dark")
    go_to(screen, "2")
    show(screen, "App 8")
    customer(frame_of(screen, 1), "Jonas")

    assert moved.evaluate("received") == []
    assert screen.evaluate("toasts") == []


@pytest.mark.attack(2)
def test_a_redirect_to_another_origin_is_stopped_and_said(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    with app_pages() as evil:
        open_desk(screen, stage, make_app(7, orders.url(f"redirect?to={evil.url('asks-early')}")))

        show(screen, "App 7")

        expect(state(screen, "App 7").get_by_role("status")).to_contain_text(f"tried to open {evil.origin}")
        assert evil.visits == []


@pytest.mark.attack(3)
@pytest.mark.parametrize(
    "aim", ["data:text/html,<p>hello", "URL.createObjectURL(new Blob(['hi'], {type: 'text/html'}))"]
)
def test_a_page_without_an_origin_is_not_the_app(
    screen: Page, stage: DeskPage, orders: AppPages, aim: str
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")

    script = f"location.href = {aim if aim.startswith('URL') else json.dumps(aim)}"
    frame_of(screen).evaluate(f"() => {{ setTimeout(() => {{ {script} }}) }}")

    expect(state(screen, "App 7").get_by_role("status")).to_have_text(
        "This app tried to open a page that is not its own."
    )


@pytest.mark.attack(18)
def test_another_page_of_the_same_origin_is_the_app(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)

    send_away(frame, "/tolerant")
    frame.wait_for_url("**/tolerant")

    customer(frame, "Maria")


@pytest.mark.attack(1)
def test_a_window_that_is_not_the_frame_is_not_heard(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    child = orders.url("asks-early")
    open_desk(screen, stage, make_app(7, orders.url(f"with-child?child={child}")))
    show(screen, "App 7")
    frame = frame_of(screen)
    nested = frame.child_frames[0]
    nested.wait_for_function("window.received")

    nested.evaluate("top.postMessage('chatwoot-dashboard-app:fetch-info', '*')")
    nested.evaluate("top.postMessage({type: 'notification', message: 'Sign in again'}, '*')")
    with screen.expect_popup() as popup:
        frame.evaluate("url => { window.open(url) }", orders.url("silent"))
    popup.value.wait_for_load_state()
    screen.evaluate(SET_THEME, "dark")
    frame.wait_for_function("received.length > 1")

    # the child's own question reached its parent, the app; nothing else did
    assert nested.evaluate("received") == []
    assert [said["data"]["theme"] for said in received_contexts(frame)] == ["light", "dark"]
    assert screen.evaluate("toasts") == []


def received_contexts(frame: Frame) -> list[Any]:
    heard = frame.evaluate("received.filter(({origin}) => origin !== location.origin).map(({data}) => data)")
    return [json.loads(data) for data in heard]


@pytest.mark.attack(4)
def test_a_made_up_event_is_not_heard(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)

    screen.evaluate(
        """origin => window.dispatchEvent(new MessageEvent("message", {
            data: "chatwoot-dashboard-app:fetch-info", origin,
            source: document.querySelector("iframe").contentWindow,
        }))""",
        orders.origin,
    )
    screen.evaluate(SET_THEME, "dark")
    frame.wait_for_function("received.length > 1")

    assert [said["data"]["theme"] for said in received(frame)] == ["light", "dark"]
    with pytest.raises(Exception, match="cross-origin frame"):
        frame.evaluate("parent.dispatchEvent(new MessageEvent('message', {data: 'x'}))")


@pytest.mark.attack(13)
def test_a_notification_is_a_toast_that_names_the_app(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url(f"origin-checking?desk={stage.url}")))
    show(screen, "App 7")
    frame = frame_of(screen)

    frame.evaluate("for (let n = 1; n < 50; n++) notify(`<b>Refund</b> ${n}\\u202e`)")
    frame.evaluate(
        "notify({}); notify(''); notify(null); parent.postMessage({type: 'toast', message: 'x'}, '*')"
    )
    frame.evaluate("ask()")
    frame.wait_for_function("received.length > 1")
    screen.wait_for_function("toasts.length >= 3")

    assert screen.evaluate("toasts") == [
        {"title": "App 7", "message": f"<b>Refund</b> {number}"} for number in (1, 2, 3)
    ]
    assert frame.evaluate("understood.length") == 2


@pytest.mark.attack(9)
def test_nothing_that_is_said_can_hurt_the_host(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    errors: list[Exception] = []
    screen.on("pageerror", lambda error: errors.append(error))
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")
    frame = frame_of(screen)

    frame.evaluate(
        """() => {
            const deep = {}; let at = deep;
            for (let n = 0; n < 200; n++) at = at.next = {};
            const cyclic = {type: "notification"}; cyclic.message = cyclic;
            const inherited = JSON.parse('{"__proto__": {"type": "notification", "message": "x"}}');
            const said = [
              null, undefined, 1n, NaN, new Date(), new Error("x"), new Uint8Array(9), deep, cyclic,
              inherited, new Map([["type", "notification"]]), [["type", "notification"]],
              "x".repeat(5_000_000),
              {type: "__proto__", message: "x"}, {type: "constructor", message: "x"},
              {type: "toString", message: "x"}, {type: "x".repeat(10_000), message: "x"},
            ];
            for (const one of said) parent.postMessage(one, "*");
            const {port1} = new MessageChannel();
            parent.postMessage({deskframe: 1, type: "hello"}, "*", [port1]);
            ask();
        }"""
    )
    frame.wait_for_function("received.length === 2")

    assert errors == []
    assert screen.evaluate("toasts") == []


@pytest.mark.attack(25, 27)
@pytest.mark.parametrize(
    "url",
    [
        "javascript:parent.document.title='pwned'",
        " javascript:parent.document.title='pwned'",
        "data:text/html,<script>parent.postMessage('chatwoot-dashboard-app:fetch-info','*')</script>",
        "about:srcdoc",
        "about:blank",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "https:evil.example",
        "https://good.example@evil.example/",
        "https://evil.example\\@good.example/",
        "https://good.example\t.evil.example/",
        "",
    ],
)
def test_an_address_that_the_browser_reads_otherwise_is_not_framed(
    screen: Page, stage: DeskPage, url: str
) -> None:
    app = make_app(7, "https://good.example/")
    app["frames"][0]["url"] = url
    open_desk(screen, stage, app)

    show(screen, "App 7")

    expect(state(screen, "App 7").get_by_role("status")).to_contain_text("it was not opened")
    expect(screen.locator("iframe")).to_have_count(0)
    expect(state(screen, "App 7").get_by_role("link")).to_have_count(0)
    state(screen, "App 7").get_by_role("button", name="Reload").click()
    expect(screen.locator("iframe")).to_have_count(0)
    assert screen.title() == "Conversation 1"


@pytest.mark.attack(33)
def test_the_desks_own_origin_is_not_framed(screen: Page, stage: DeskPage) -> None:
    open_desk(screen, stage, make_app(7, f"{stage.url}/1"))

    show(screen, "App 7")

    expect(state(screen, "App 7").get_by_role("status")).to_contain_text("desk's own address")
    expect(screen.locator("iframe")).to_have_count(0)


def test_an_address_that_the_browser_bars_is_said(screen: Page, stage: DeskPage) -> None:
    open_desk(screen, stage, make_app(7, "http://[::1]:9/"))

    show(screen, "App 7")

    expect(state(screen, "App 7").get_by_role("status")).to_contain_text(
        "does not let this page show http://[::1]:9"
    )


def test_an_app_that_the_page_was_not_loaded_with_asks_for_a_reload(
    screen: Page, stage: DeskPage, orders: AppPages, billing: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    stage.apps = [*stage.apps, make_app(8, billing.url("chatwoot"), places=["tab"])]
    go_to(screen, "2")
    show(screen, "App 8", place="main")
    expect(state(screen, "App 8").get_by_role("status")).to_contain_text("Reload the page")
    expect(screen.locator("iframe")).to_have_count(0)

    state(screen, "App 8").get_by_role("button", name="Reload").click()
    expect(screen.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
    show(screen, "App 8", place="main")

    customer(frame_of(screen, 1), "Jonas")


@pytest.mark.attack(34)
def test_an_app_cannot_take_the_page_away(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    child = orders.url("silent")
    open_desk(screen, stage, make_app(7, orders.url(f"with-child?child={child}")))
    show(screen, "App 7")
    frame = frame_of(screen)
    nested = frame.child_frames[0]
    screen.evaluate("window.isStillHere = true")

    attempts = [
        "try { top.location.href = 'about:blank' } catch {}",
        "try { top.location.replace('/silent') } catch {}",
        "try { window.open('/silent', '_top') } catch {}",
        "try { window.open('/silent', '_parent') } catch {}",
        "add('<form target=_top action=/silent>').submit()",
        "add('<form target=_parent action=/silent>').submit()",
        "add('<a target=_top href=/silent>x</a>').click()",
        "add('<a target=_parent href=/silent>x</a>').click()",
    ]
    body = "document.body.insertAdjacentHTML('beforeend', html); return document.body.lastChild"
    add = f"const add = html => {{ {body} }};"
    for attempt in attempts:
        frame.evaluate(f"() => {{ {add} {attempt} }}")
    for attempt in attempts:
        if "_parent" not in attempt:
            nested.evaluate(f"() => {{ {add} {attempt} }}")
    send_away(nested, "/refreshes?to=/tolerant")
    nested.wait_for_url("**/tolerant")
    frame.evaluate("ask()")
    frame.wait_for_function("received.length > 1")

    assert screen.evaluate("window.isStillHere")
    assert screen.url == f"{stage.url}/1"


@pytest.mark.attack(36)
def test_an_app_cannot_put_up_dialogs(screen: Page, stage: DeskPage, orders: AppPages) -> None:
    dialogs: list[str] = []
    screen.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
    open_desk(screen, stage, make_app(7, orders.url("chatwoot")))
    show(screen, "App 7")

    answers = frame_of(screen).evaluate("[alert('a'), confirm('b'), prompt('c'), print()]")

    assert answers == [None, False, None, None]
    assert dialogs == []


def test_the_tab_key_goes_from_the_tab_through_the_app_and_on(
    screen: Page, stage: DeskPage, orders: AppPages
) -> None:
    open_desk(screen, stage, make_app(7, orders.url("chatwoot"), places=["tab"]))
    show(screen, "App 7", place="main")
    frame_of(screen).evaluate("document.body.insertAdjacentHTML('beforeend', '<input aria-label=Order>')")
    expect(screen.locator("#app-7-tab")).to_have_attribute("aria-owns", "app-frames-7")

    walked = []
    for _ in range(5):
        screen.keyboard.press("Tab")
        walked.append(
            screen.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")
        )
    assert walked == [
        "app-7-tab", "Reload", "Open in a new tab", "dashboard-app--frame-0-0", "After the panel",
    ]  # fmt: skip
    for _ in range(2):
        screen.keyboard.press("Shift+Tab")
    assert screen.evaluate("document.activeElement.textContent") == "App 7"

    state(screen, "App 7").get_by_role("button", name="Reload").focus()
    screen.keyboard.press("Escape")
    assert screen.evaluate("document.activeElement.textContent") == "App 7"
