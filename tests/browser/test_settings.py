"""The settings as an administrator uses them: with a mouse, with the keyboard, and without JavaScript."""

import json
import re
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import delete

from dashboard.accounts.models import Account
from dashboard.accounts.models import UserSession
from dashboard.accounts.queries import user_by_email
from dashboard.apps.operations.apps import add_app
from dashboard.apps.queries.apps import apps_of
from dashboard.extensions import db
from tests.support.app_pages import AppPages
from tests.support.app_pages import app_pages
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_app
from tests.support.factories import make_user
from tests.support.screens import PATIENCE
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, Person], None]
LEFT = "WebSocket is closed before the connection is established"


@pytest.fixture
def somewhere() -> Iterator[AppPages]:
    with app_pages() as pages:
        yield pages


@pytest.fixture
def without_script(browser: Browser, live: Server) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def apps_path(desk: Desk) -> str:
    return f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps"


def saved(live: Server, desk: Desk) -> list[tuple[str, list[str]]]:
    with live.work():
        return [(app.title, app.urls) for app in apps_of(desk.account_id)]


def endpoint(page: Page, number: int):  # type: ignore[no-untyped-def]
    return page.get_by_label(f"Endpoint {number}", exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def toast(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("#toasts")


def add_several_frames(page: Page, desk: Desk) -> None:
    visit(page, f"/accounts/{desk.account_id}/settings/integrations")
    card = page.get_by_role("region", name="Dashboard apps")
    card.get_by_role("link", name="Configure").click()
    page.get_by_role("link", name="Add a new dashboard app").click()
    page.get_by_label("Name", exact=True).fill("Orders")
    endpoint(page, 1).fill("https://a.example/")
    press(page, "Add an endpoint")
    endpoint(page, 2).fill("https://b.example/")
    press(page, "Add an endpoint")
    endpoint(page, 3).fill("https://c.example/")
    press(page, "Move endpoint 3 up")
    expect(endpoint(page, 2)).to_have_value("https://c.example/")
    press(page, "Move endpoint 1 down")
    expect(endpoint(page, 1)).to_have_value("https://c.example/")
    page.get_by_role("checkbox", name="Conversation tab").check()
    press(page, "Add")
    expect(page.get_by_role("heading", name="Dashboard apps", level=1)).to_be_visible()


def change_it_as_json(page: Page) -> None:
    page.get_by_role("link", name="Edit Orders").click()
    press(page, "Remove endpoint 2")
    expect(endpoint(page, 2)).to_have_value("https://b.example/")
    press(page, "Edit as JSON")
    content = page.get_by_label("Content")
    frames = json.loads(content.input_value())
    assert [frame["url"] for frame in frames] == ["https://c.example/", "https://b.example/"]
    content.fill(json.dumps(frames, indent=2).replace("},", "}", 1))
    press(page, "Save")
    expect(page.locator("#content-error")).to_contain_text("Line 6, column 3")
    content.fill(json.dumps([*frames, {"type": "frame", "url": "https://d.example/"}]))
    press(page, "Edit as fields")
    expect(endpoint(page, 3)).to_have_value("https://d.example/")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Dashboard apps", level=1)).to_be_visible()


def test_an_app_is_added_changed_and_deleted(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    page, complaints = browser_page, complaints_of(browser_page)
    sign_in(page, desk.ada)

    add_several_frames(page, desk)
    expect(toast(page)).to_contain_text("“Orders” is added.")
    expected = ["https://c.example/", "https://a.example/", "https://b.example/"]
    assert saved(live, desk) == [("Orders", expected)]

    change_it_as_json(page)
    expect(toast(page)).to_contain_text("“Orders” is saved.")
    assert saved(live, desk) == [
        ("Orders", ["https://c.example/", "https://b.example/", "https://d.example/"])
    ]

    page.get_by_role("link", name="Delete Orders").click()
    dialog = page.get_by_role("dialog", name="Delete “Orders”?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Delete Orders").click()
    press(page, "Yes, delete it")
    expect(toast(page)).to_contain_text("“Orders” is deleted.")
    expect(page.get_by_role("heading", name="No dashboard apps yet")).to_be_visible()
    assert saved(live, desk) == []
    # the console may say what the form was for, a 422, and that a page was left before it was connected
    assert [line for line in complaints if "422" not in line and LEFT not in line] == []


def test_the_same_without_javascript(
    live: Server, desk: Desk, without_script: BrowserContext, sign_in: SignIn
) -> None:
    page = without_script.new_page()
    sign_in(page, desk.ada)

    add_several_frames(page, desk)
    change_it_as_json(page)
    assert saved(live, desk) == [
        ("Orders", ["https://c.example/", "https://b.example/", "https://d.example/"])
    ]

    page.get_by_role("searchbox").fill("nothing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No dashboard app matches “nothing”")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    page.get_by_role("link", name="Delete Orders").click()
    expect(page.get_by_role("heading", name="Delete “Orders”?", level=1)).to_be_visible()
    press(page, "Yes, delete it")
    expect(page.get_by_text("“Orders” is deleted.")).to_be_visible()
    assert saved(live, desk) == []


def test_the_form_is_used_by_keyboard_alone(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"{apps_path(desk)}/new")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()

    page.keyboard.type("Keys")
    page.keyboard.press("Tab")
    page.keyboard.type("https://a.example/")
    page.get_by_role("button", name="Add an endpoint").focus()
    page.keyboard.press("Enter")
    expect(endpoint(page, 2)).to_be_focused()
    page.keyboard.type("https://b.example/")
    page.get_by_role("button", name="Move endpoint 2 up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move endpoint 1 down")).to_be_focused()
    expect(endpoint(page, 1)).to_have_value("https://b.example/")
    expect(endpoint(page, 2)).to_have_value("https://a.example/")
    endpoint(page, 1).focus()
    page.keyboard.press("Enter")  # saves, as in any form

    expect(toast(page)).to_contain_text("“Keys” is added.")
    assert saved(live, desk) == [("Keys", ["https://b.example/", "https://a.example/"])]


def test_nothing_typed_is_lost_when_something_is_wrong(
    desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"{apps_path(desk)}/new")
    page.get_by_label("Name", exact=True).fill("Typed")
    endpoint(page, 1).fill("https://a;sandbox/")
    page.get_by_role("radio", name="Ndoto").check()

    press(page, "Add")

    expect(page.locator("#url-0-error")).to_contain_text("may hold only letters")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed")
    expect(endpoint(page, 1)).to_have_value("https://a;sandbox/")
    expect(page.get_by_role("radio", name="Ndoto")).to_be_checked()


def test_what_browsers_will_not_show_is_said_while_it_is_typed(
    desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"{apps_path(desk)}/new")
    warning = page.get_by_text("Browsers block http:// addresses")
    number = page.get_by_text("Give the app a name")
    expect(warning).to_be_hidden()
    expect(endpoint(page, 1)).to_have_accessible_description("")

    endpoint(page, 1).fill("http://app.example/")
    expect(warning).to_be_visible()
    expect(endpoint(page, 1)).to_have_accessible_description(re.compile("^Browsers block"))
    endpoint(page, 1).fill("http://localhost:5001/")
    expect(warning).to_be_hidden()
    expect(number).to_be_hidden()
    endpoint(page, 1).fill("https://[2001:db8::1]/")
    expect(number).to_be_visible()


def test_the_search_answers_while_one_types_and_back_shows_a_whole_page(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        for title in ("Orders", "Bills"):
            make_app(account, title=title)
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, apps_path(desk))
    expect(page.get_by_text("2 dashboard apps")).to_be_visible()

    page.get_by_role("searchbox").press_sequentially("bil")

    expect(page.get_by_text("1 dashboard app", exact=True)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=bil$"))
    page.get_by_role("link", name="Edit Bills").click()
    page.go_back()
    expect(page.get_by_role("heading", name="Dashboard apps", level=1)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("bil")


def test_open_shows_the_app_without_a_conversation(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn, somewhere: AppPages
) -> None:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        make_app(
            account, title="Orders", urls=(somewhere.url("chatwoot"), somewhere.url("ndoto")), format="auto"
        )
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, apps_path(desk))

    page.get_by_role("link", name="Open Orders").click()

    frame = page.frame_locator("iframe").first
    expect(frame.locator("#customer")).to_have_text("nobody")
    expect(page.locator(".app-frame[data-state=ready]")).to_have_count(2)
    window = next(each for each in page.frames if each.url == somewhere.url("chatwoot"))
    window.wait_for_function("() => window.understood.length > 0")
    told = window.evaluate("() => window.understood[0].data")
    assert (told["conversation"], told["contact"]) == ({}, {})
    assert told["currentAgent"] == {"id": desk.ada.id, "name": desk.ada.name, "email": desk.ada.email}


def test_an_agent_is_invited_and_sets_a_password(
    desk: Desk, browser: Browser, live: Server, browser_page: Page, sign_in: SignIn
) -> None:
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"/accounts/{desk.account_id}/settings/agents")
    page.get_by_role("link", name="Add an agent").click()
    page.get_by_label("Name", exact=True).fill("Dee New")
    email = f"dee{desk.account_id}@example.com"
    page.get_by_label("E-mail").fill(email)
    press(page, "Add")
    link = page.get_by_label("Link that sets the password").input_value()
    assert link.startswith(f"{live.url}/set-password/")

    context = browser.new_context(base_url=live.url, timezone_id="Asia/Tokyo")
    dee = context.new_page()
    visit(dee, link)
    dee.get_by_label("New password").fill("a new password")
    press(dee, "Save and sign in")
    dee.wait_for_url(f"**/accounts/{desk.account_id}/conversations")
    context.close()

    with live.work():
        assert user_by_email(email).time_zone == "Asia/Tokyo"


def test_an_inbox_is_deleted_by_its_name(desk: Desk, browser_page: Page, sign_in: SignIn) -> None:
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"/accounts/{desk.account_id}/settings/inboxes")
    page.get_by_role("link", name="Delete Website").click()
    submit = page.get_by_role("button", name="Delete the inbox")
    expect(submit).to_be_disabled()

    page.get_by_label("Type Website to confirm").fill("Website")
    submit.click()

    expect(toast(page)).to_contain_text("The inbox Website is deleted.")
    expect(page.get_by_role("heading", name="No inboxes yet")).to_be_visible()


def test_a_long_name_does_not_burst_the_dialog(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    with live.work():
        endless = make_user(db.session.get_one(Account, desk.account_id), name="Endless" * 30)
        address = f"/accounts/{desk.account_id}/settings/agents/{endless.id}/removal"
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"/accounts/{desk.account_id}/settings/agents")

    page.locator(f"a[href='{address}']").click()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_the_secrets_of_an_inbox_can_be_read_without_javascript(
    without_script: BrowserContext, desk: Desk, sign_in: SignIn
) -> None:
    page = without_script.new_page()
    sign_in(page, desk.ada)
    visit(page, f"/accounts/{desk.account_id}/settings/inboxes/{desk.inbox_id}")
    secret = page.locator(".field", has_text="HMAC token").locator("details code")
    expect(secret).to_be_hidden()

    page.locator(".field", has_text="HMAC token").get_by_text("Show", exact=True).last.click()

    expect(secret).to_be_visible()
    expect(secret).to_have_text(re.compile(r"^\w{20,}$"))


def test_an_ended_session_leads_to_the_sign_in_and_back_with_the_draft(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    with live.work():
        make_app(db.session.get_one(Account, desk.account_id), title="Orders")
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, apps_path(desk))
    page.evaluate("() => localStorage.setItem('draft:1:7', 'half a sentence')")
    with live.work():
        end_sessions(desk.ada.id)

    page.get_by_role("searchbox").press_sequentially("ord")

    page.wait_for_url(lambda url: "/login?next=" in url)
    assert page.evaluate("() => localStorage.getItem('draft:1:7')") == "half a sentence"
    page.get_by_label("E-mail").fill(desk.ada.email)
    page.get_by_label("Password", exact=True).fill(desk.ada.password)
    press(page, "Sign in")
    page.wait_for_url(lambda url: url.endswith(apps_path(desk)))

    page.get_by_role("button", name="Your menu").click()
    press(page, "Sign out")
    page.wait_for_url("**/login")
    page.wait_for_function("() => localStorage.getItem('draft:1:7') === null")


OWN = ("/profile", "/profile/access-token")
PEOPLE = ("agents", "agents/new", "agents/{bo}", "agents/{bo}/removal", "agents/{ada}/removal")
INBOXES = ("inboxes", "inboxes/new", "inboxes/{inbox}", "inboxes/{inbox}/removal", "integrations")
APPS = ("", "?q=nothing", "/guide", "/new", "/{app}", "/{app}/edit", "/{app}/removal")


@pytest.mark.parametrize(
    "pages",
    [
        OWN,
        [f"{{settings}}/{path}" for path in PEOPLE],
        [f"{{settings}}/{path}" for path in INBOXES],
        [f"{{settings}}/integrations/dashboard-apps{path}" for path in APPS],
    ],
    ids=["own", "people", "inboxes", "apps"],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn, pages: list[str]
) -> None:
    numbers = {
        "settings": f"/accounts/{desk.account_id}/settings",
        "app": add_endless_app(live, desk),
        "inbox": desk.inbox_id,
        "ada": desk.ada.id,
        "bo": desk.bo.id,
    }
    sign_in(browser_page, desk.ada)

    assert [found for path in pages for found in _problems(browser_page, path.format(**numbers))] == []


def test_axe_finds_nothing_at_the_door(browser_page: Page) -> None:
    assert _problems(browser_page, "/login") == []


def test_axe_finds_nothing_in_a_form_with_mistakes(desk: Desk, browser_page: Page, sign_in: SignIn) -> None:
    page = browser_page
    sign_in(page, desk.ada)
    visit(page, f"{apps_path(desk)}/new")
    press(page, "Add")
    expect(page.locator("#title-error")).to_be_visible()
    assert complaints_light_and_dark(page) == []
    press(page, "Edit as JSON")
    expect(page.get_by_label("Content")).to_be_visible()
    assert complaints_light_and_dark(page) == []


def add_endless_app(live: Server, desk: Desk) -> int:
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        return make_app(account, title="A name " * 30, urls=("http://long.example/" + "path/" * 60,) * 3).id


def _problems(page: Page, path: str) -> list[str]:
    """What a small screen cuts off, and what axe says."""
    visit(page, path)
    found = []
    for width in (390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{path} is wider than {width}")
    return found + complaints_light_and_dark(page)


def end_sessions(user_id: int) -> None:
    db.session.execute(delete(UserSession).where(UserSession.user_id == user_id))


def complaints_of(page: Page) -> list[str]:
    """What the console says is wrong."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_apps_are_dragged_into_an_order(
    live: Server, desk: Desk, browser_page: Page, sign_in: SignIn
) -> None:
    page, complaints = browser_page, complaints_of(browser_page)
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        for title in ("Orders", "Bills", "Stock"):
            add_app(
                account, title=title, content=[{"type": "frame", "url": "https://a.example/"}], actor=None
            )
    sign_in(page, desk.ada)
    visit(page, f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps")
    grips, names = page.locator("[data-grip]"), page.locator("tbody td:first-child a")

    with page.expect_response("**/order"):
        grips.nth(2).drag_to(grips.nth(0), target_position={"x": 3, "y": 1})

    expect(names).to_have_text(["Stock", "Orders", "Bills"])
    visit(page, f"/accounts/{desk.account_id}/settings/integrations/dashboard-apps")
    expect(names).to_have_text(["Stock", "Orders", "Bills"])
    assert complaints == []
