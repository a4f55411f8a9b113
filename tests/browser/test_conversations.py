"""A working day in a real browser: reading, answering, moving on; by mouse and keyboard, wide and narrow."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.accounts.models import UserSession
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from tests.support.axe import complaints_light_and_dark
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.screens import ready
from tests.support.screens import visit
from tests.support.screens import wait_for_any
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class World:
    """Three conversations: Maria's with a long thread, Jonas's, and Priya's, which is the oldest."""

    live: Server
    desk: Desk
    maria: int
    jonas: int
    priya: int

    def path(self, display_id: int | str = "") -> str:
        return f"/accounts/{self.desk.account_id}/conversations/{display_id}".rstrip("/")

    def conversation(self, display_id: int) -> Conversation:
        """As the database has it now."""
        query = db.select(Conversation).filter_by(account_id=self.desk.account_id, display_id=display_id)
        return db.session.execute(query).scalar_one()


@pytest.fixture
def world(live: Server, desk: Desk) -> World:
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        account = db.session.get_one(Account, desk.account_id)
        made = {}
        for name, texts in (("Priya Nair", 1), ("Jonas Kühn", 2), ("Maria Silva", 70)):
            made[name] = make_conversation(inbox, contact=make_contact(account, name=name))
            make_messages(made[name], texts)
        for hours, conversation in enumerate(reversed(made.values())):
            conversation.last_activity_at = clock.now() - timedelta(hours=hours)
        priya, jonas, maria = (conversation.display_id for conversation in made.values())
        return World(live, desk, maria, jonas, priya)


@pytest.fixture
def screen(browser_page: Page, world: World, sign_in: Callable[[Page, Person], None]) -> Page:
    """Bo's browser. What the console says against the page is an error."""
    complaints: list[str] = []
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(browser_page, world.desk.bo)
    yield browser_page
    refused = re.compile(
        "status of 4|ERR_INTERNET_DISCONNECTED|ERR_FAILED|htmx:error|inline style"
        "|WebSocket is closed before the connection is established"  # a page that is left at once
    )
    assert [line for line in complaints if not refused.search(line)] == []


def row(screen: Page, display_id: int) -> Locator:
    return screen.locator(f'.row[data-conversation="{display_id}"]')


def opened(screen: Page, display_id: int) -> None:
    expect(screen.locator(f'#conversation [data-key="{display_id}"]')).to_be_visible()
    ready(screen)


def box(screen: Page) -> Locator:
    return screen.get_by_role("textbox", name="Message")


def context(screen: Page) -> str:
    """What apps may hear now."""
    return str(screen.locator("#app-context").text_content())


def reload(screen: Page) -> None:
    screen.reload()
    ready(screen)


def last(screen: Page) -> Locator:
    return screen.locator(".message .bubble").last


def test_an_agent_reads_and_answers(screen: Page, world: World) -> None:
    visit(screen, world.path())
    expect(screen.get_by_role("heading", level=1)).to_have_text("Conversations")
    expect(row(screen, world.maria).locator(".count")).to_have_text(re.compile("9\\+"))

    row(screen, world.maria).click()
    opened(screen, world.maria)
    expect(screen).to_have_title(re.compile("Maria Silva"))
    expect(row(screen, world.maria)).to_have_attribute("aria-current", "true")
    expect(row(screen, world.maria).locator(".count")).to_have_count(0)
    expect(last(screen)).to_be_in_viewport()

    box(screen).fill("It leaves tonight.\nSee https://example.com/t")
    screen.keyboard.press("Control+Enter")
    expect(last(screen)).to_have_text("It leaves tonight.\nSee https://example.com/t")
    expect(last(screen)).to_be_in_viewport()
    expect(last(screen).get_by_role("link")).to_have_attribute("target", "_blank")
    expect(box(screen)).to_have_value("")
    expect(box(screen)).to_be_focused()
    expect(row(screen, world.maria).locator(".row-text")).to_contain_text("You: It leaves tonight.")
    screen.wait_for_function(
        "document.getElementById('app-context').textContent.includes('It leaves tonight.')"
    )


def test_a_note_stays_in_the_desk(screen: Page, world: World) -> None:
    visit(screen, world.path(world.jonas))
    screen.get_by_text("Private note", exact=True).click()
    expect(screen.get_by_role("button", name="Add note")).to_be_visible()

    box(screen).fill("Be kind to him")
    screen.get_by_role("button", name="Add note").click()

    expect(screen.locator('.message[data-kind="note"]')).to_contain_text("Be kind to him")
    assert "Be kind to him" not in context(screen)


def test_a_conversation_is_resolved_reopened_and_snoozed(screen: Page, world: World) -> None:
    visit(screen, world.path(world.jonas))
    head = screen.locator(".conv-head")

    head.get_by_role("button", name="Resolve").click()
    expect(head.locator(".badge")).to_have_text("Resolved")
    expect(screen.locator(".activity").last).to_contain_text("marked resolved by Bo Agent")
    expect(screen.locator("#list-all .tally")).to_have_text("2")
    head.get_by_role("button", name="Reopen").click()
    expect(head.locator(".badge")).to_have_text("Open")

    head.get_by_role("button", name="Snooze").click()
    screen.get_by_role("button", name="Until tomorrow").click()
    expect(head.locator(".badge")).to_contain_text("Snoozed until")
    head.get_by_role("button", name="Snooze").click()
    screen.locator("input[name=at]").fill("2001-01-01T09:00")
    screen.locator(".snooze-at").get_by_role("button", name="Snooze").click()
    expect(screen.get_by_role("alert").get_by_text("in the future")).to_be_visible()


def test_somebody_is_put_in_charge_and_the_rest_is_set(screen: Page, world: World) -> None:
    visit(screen, world.path(world.jonas))

    screen.get_by_role("button", name="Assignee: Unassigned").click()
    screen.get_by_role("button", name="Ada Admin").click()
    expect(screen.get_by_role("button", name="Assignee: Ada Admin")).to_be_visible()

    screen.get_by_role("button", name="Priority: No priority").click()
    screen.get_by_role("button", name="Urgent").click()
    expect(row(screen, world.jonas).locator(".priority")).to_have_text("Urgent")

    screen.get_by_role("button", name="Labels: none").click()
    expect(screen.get_by_role("textbox", name="New label")).to_be_visible()
    ready(screen)
    screen.get_by_role("textbox", name="New label").fill("delivery")
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("checkbox", name="delivery")).to_be_checked()
    screen.get_by_role("textbox", name="New label").fill("vip")
    screen.keyboard.press("Enter")
    expect(row(screen, world.jonas).locator(".tag")).to_have_text(["delivery", "vip"])
    screen.get_by_role("checkbox", name="delivery").uncheck()
    expect(row(screen, world.jonas).locator(".tag")).to_have_text(["vip"])
    screen.keyboard.press("Escape")
    expect(screen.get_by_role("button", name="Labels: vip")).to_be_visible()


def test_switching_changes_the_conversation_and_nothing_else(screen: Page, world: World) -> None:
    visit(screen, world.path(world.maria))
    screen.evaluate("window.isSameDocument = true; document.querySelector('.rail').dataset.kept = ''")

    row(screen, world.jonas).click()
    opened(screen, world.jonas)
    expect(screen.locator("#contact-panel h2")).to_have_text("Jonas Kühn")
    expect(row(screen, world.maria)).not_to_have_attribute("aria-current", "true")
    row(screen, world.priya).click()
    opened(screen, world.priya)

    screen.go_back()
    opened(screen, world.jonas)
    expect(screen).to_have_title(re.compile("Jonas Kühn"))
    expect(screen.locator("#contact-panel h2")).to_have_text("Jonas Kühn")
    screen.go_back()
    opened(screen, world.maria)
    screen.go_forward()
    opened(screen, world.jonas)
    expect(row(screen, world.jonas)).to_have_attribute("aria-current", "true")
    assert screen.evaluate("window.isSameDocument && 'kept' in document.querySelector('.rail').dataset")


def test_the_last_of_quick_clicks_wins(screen: Page, world: World) -> None:
    visit(screen, world.path())

    for display_id in (world.maria, world.jonas, world.maria, world.priya):
        row(screen, display_id).dispatch_event("click")

    opened(screen, world.priya)
    expect(screen).to_have_url(re.compile(f"/{world.priya}$"))


def test_an_answer_that_comes_late_stays_with_its_conversation(screen: Page, world: World) -> None:
    held: list[Route] = []
    screen.route("**/messages", lambda route: held.append(route))
    visit(screen, world.path(world.jonas))
    box(screen).fill("For Jonas")
    with screen.expect_request("**/messages"):
        screen.keyboard.press("Control+Enter")

    wait_for_any(screen, held)
    row(screen, world.priya).click()
    opened(screen, world.priya)
    with screen.expect_response("**/messages"):
        held[0].continue_()

    expect(screen.locator(".conversation")).not_to_contain_text("For Jonas")
    assert "For Jonas" not in context(screen)
    row(screen, world.jonas).click()
    expect(last(screen)).to_have_text("For Jonas")
    expect(box(screen)).to_have_value("")


def test_older_messages_come_without_a_jump(screen: Page, world: World) -> None:
    held: list[Route] = []
    screen.route("**/messages?before=*", lambda route: held.append(route))
    visit(screen, world.path(world.maria))
    expect(last(screen)).to_be_in_viewport()
    expect(screen.locator(".bubble")).to_have_count(30)

    thread = screen.locator(".thread")
    while not held:
        thread.evaluate("thread => { thread.scrollTop = -thread.scrollHeight; }")
    mark = screen.locator(".bubble").get_by_text("Message 43", exact=True)
    before = mark.bounding_box()
    held.pop().continue_()
    expect(screen.locator(".bubble")).to_have_count(60)
    ready(screen)
    assert mark.bounding_box() == before

    screen.unroute("**/messages?before=*")
    thread.evaluate("thread => { thread.scrollTop = -thread.scrollHeight; }")
    expect(screen.locator(".bubble")).to_have_count(70)
    expect(screen.locator(".older")).to_have_count(0)


def test_a_draft_is_kept_for_each_conversation(screen: Page, world: World) -> None:
    visit(screen, world.path(world.maria))
    box(screen).fill("Dear Maria,")
    row(screen, world.jonas).click()
    opened(screen, world.jonas)
    expect(box(screen)).to_have_value("")
    screen.get_by_text("Private note", exact=True).click()
    box(screen).fill("Ask Ada first")

    reload(screen)
    expect(box(screen)).to_have_value("Ask Ada first")
    expect(screen.get_by_role("radio", name="Private note")).to_be_checked()
    row(screen, world.maria).click()
    opened(screen, world.maria)
    expect(box(screen)).to_have_value("Dear Maria,")
    expect(screen.get_by_role("radio", name="Reply")).to_be_checked()


def test_an_ended_session_keeps_the_draft_and_returns(
    screen: Page, world: World, sign_in: Callable[[Page, Person], None]
) -> None:
    visit(screen, world.path(world.jonas))
    box(screen).fill("Half a sentence")
    with world.live.work():
        db.session.execute(db.delete(UserSession).where(UserSession.user_id == world.desk.bo.id))

    screen.keyboard.press("Control+Enter")
    expect(screen).to_have_url(re.compile("/login\\?next="))
    screen.locator("input[name=email]").fill(world.desk.bo.email)
    screen.locator("input[name=password]").fill(world.desk.bo.password)
    screen.keyboard.press("Enter")

    opened(screen, world.jonas)
    expect(box(screen)).to_have_value("Half a sentence")


def test_signing_out_forgets_the_drafts(
    screen: Page, world: World, sign_in: Callable[[Page, Person], None]
) -> None:
    visit(screen, world.path(world.jonas))
    box(screen).fill("Nobody else's business")

    screen.get_by_role("button", name="Your menu").click()
    screen.get_by_role("button", name="Sign out").click()
    expect(screen).to_have_url(re.compile("/login"))
    screen.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('draft:'))")
    sign_in(screen, world.desk.bo)
    visit(screen, world.path(world.jonas))

    expect(box(screen)).to_have_value("")


def test_what_could_not_be_sent_is_kept_and_told(screen: Page, world: World) -> None:
    visit(screen, world.path(world.jonas))
    opened(screen, world.jonas)
    box(screen).fill("Are you there?")

    screen.context.set_offline(True)
    screen.keyboard.press("Control+Enter")
    expect(screen.locator("[data-unsent]")).to_contain_text("Not sent")
    expect(screen.locator("[data-unsent] .bubble")).to_have_text("Are you there?")
    expect(box(screen)).to_be_editable()

    screen.context.set_offline(False)
    expect(screen.locator("[data-unsent]")).to_have_count(0)
    expect(last(screen)).to_have_text("Are you there?")


def test_the_list_is_searched_and_narrowed_beside_the_conversation(screen: Page, world: World) -> None:
    visit(screen, world.path(world.maria))
    box(screen).fill("A thought")
    screen.get_by_role("button", name="Search").click()

    screen.keyboard.type("jonas")
    expect(screen.locator(".row strong")).to_have_text(["Jonas Kühn"])
    expect(screen).to_have_url(re.compile(f"/{world.maria}\\?q=jonas$"))
    expect(screen.get_by_role("searchbox")).to_be_focused()
    expect(box(screen)).to_have_value("A thought")

    screen.get_by_role("searchbox").fill("")
    expect(screen.locator(".row")).to_have_count(3)
    screen.get_by_role("link", name=re.compile("Mine")).click()
    expect(screen.get_by_text("All done")).to_be_visible()
    expect(screen).to_have_url(re.compile(f"/{world.maria}\\?assigned=me$"))
    screen.go_back()
    expect(screen.locator(".row")).to_have_count(3)
    opened(screen, world.maria)

    screen.get_by_role("button", name="Filter and sort").click()
    screen.get_by_label("Order").select_option("last_activity_at_asc")
    expect(screen.locator(".row strong").first).to_have_text("Priya Nair")
    reload(screen)
    expect(screen.locator(".row strong").first).to_have_text("Priya Nair")


def test_more_rows_come_by_scrolling(screen: Page, world: World) -> None:
    with world.live.work():
        inbox = db.session.get_one(Inbox, world.desk.inbox_id)
        for _ in range(80):
            make_conversation(inbox, last_activity_at=clock.now() - timedelta(days=1))
    visit(screen, world.path(world.maria))

    while screen.locator(".rows-more").count():
        screen.locator(".row").last.scroll_into_view_if_needed()

    expect(screen.locator(".row")).to_have_count(83)


RING = """() => {
    const element = document.activeElement;
    const around = element.closest("label, .composer, .control") ?? element;
    return element.matches("[role=separator]") || [element, around].some(each => {
        const style = getComputedStyle(each);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
    });
}"""


def test_everything_is_reached_by_keyboard(screen: Page, world: World) -> None:
    visit(screen, world.path())
    row(screen, world.maria).focus()
    screen.keyboard.press("ArrowDown")
    expect(row(screen, world.jonas)).to_be_focused()
    screen.keyboard.press("Enter")
    opened(screen, world.jonas)
    expect(screen.locator("#list-says")).to_contain_text("Jonas Kühn")

    reached = set()
    for _ in range(60):
        screen.keyboard.press("Tab")
        reached.add(
            screen.evaluate(
                "(e => e.getAttribute('aria-label') || e.innerText.trim() || e.title || e.name || e.value)"
                "(document.activeElement)"
            )
        )
        ring = screen.evaluate(RING)
        assert ring, screen.evaluate("document.activeElement.outerHTML")[:200]
        if "Width of the side panel" in reached and "Contact" in reached:
            break
    assert {"Resolve", "Snooze", "More states", "Message", "Assignee: Unassigned", "Contact"} <= reached


def test_the_side_is_widened_and_stays_so(screen: Page, world: World) -> None:
    visit(screen, world.path(world.jonas))
    edge = screen.get_by_role("separator", name="Width of the side panel")
    side = screen.locator("#side")
    start = side.bounding_box()["width"]

    handle = edge.bounding_box()
    screen.mouse.move(handle["x"] + 4, 400)
    screen.mouse.down()
    screen.mouse.move(handle["x"] - 96, 400, steps=4)
    screen.mouse.up()
    drawn = round(side.bounding_box()["width"])
    assert abs(drawn - (start + 100)) <= 2
    edge.press("ArrowRight")
    expect(edge).to_have_attribute("aria-valuenow", str(drawn - 16))

    reload(screen)
    expect(edge).to_have_attribute("aria-valuenow", str(drawn - 16))
    assert round(side.bounding_box()["width"]) == drawn - 16


def test_on_a_phone_there_is_one_pane_and_a_way_back(screen: Page, world: World) -> None:
    screen.set_viewport_size({"width": 390, "height": 780})
    visit(screen, world.path())
    row(screen, world.maria).click()
    opened(screen, world.maria)
    expect(screen.locator("#conversation-list")).to_be_hidden()
    expect(screen.locator("#conversation")).to_be_focused()
    expect(box(screen)).to_be_in_viewport()

    screen.get_by_role("button", name="Contact and apps").click()
    expect(screen.locator("#contact-panel")).to_be_in_viewport()
    screen.keyboard.press("Escape")
    expect(screen.locator("#contact-panel")).to_be_hidden()

    screen.get_by_role("link", name="Back to the list").click()
    expect(row(screen, world.maria)).to_be_visible()
    expect(screen).to_have_url(re.compile("/conversations$"))
    screen.go_back()
    opened(screen, world.maria)


def test_without_scripts_everything_still_works(browser: Browser, live: Server, world: World) -> None:
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="en-GB")
    screen = context.new_page()
    screen.goto("/login")
    screen.get_by_label("E-mail").fill(world.desk.bo.email)
    screen.get_by_label("Password", exact=True).fill(world.desk.bo.password)
    screen.get_by_role("button", name="Sign in").click()
    screen.goto(world.path(world.maria))
    address = re.compile(f"{world.path(world.maria)}$")

    for menu, choice in (("Assignee", "Assign to me"), ("Priority", "Urgent"), ("Snooze", "For an hour")):
        screen.get_by_role("button", name=menu).first.click()
        screen.get_by_role("link", name="Choose…").press("Enter")
        expect(screen.get_by_role("heading", level=1)).to_have_text(menu)
        screen.get_by_role("button", name=choice).click()
        expect(screen).to_have_url(address)
    screen.get_by_role("button", name="Labels").click()
    screen.get_by_role("link", name="Choose…").press("Enter")
    screen.get_by_label("New label").fill("delivery")
    screen.get_by_role("button", name="Add").click()
    screen.get_by_role("textbox", name="Message").fill("It left us on Monday.")
    screen.get_by_role("button", name="Send").click()
    expect(screen.get_by_text("It left us on Monday.").last).to_be_visible()
    screen.get_by_role("link", name="Older messages").click()
    expect(screen.get_by_text("Message 20", exact=True)).to_be_visible()

    with world.live.work():
        conversation = world.conversation(world.maria)
        assert conversation.assignee_id == world.desk.bo.id
        assert (conversation.priority_name, conversation.status, conversation.labels) == (
            "urgent",
            "snoozed",
            ["delivery"],
        )
    context.close()


def test_deleting_asks_first(screen: Page, world: World) -> None:
    visit(screen, world.path(world.jonas))
    box(screen).fill("Too soon")
    screen.keyboard.press("Control+Enter")
    expect(last(screen)).to_have_text("Too soon")

    screen.locator(".message").last.get_by_role("button", name="More").click()
    screen.get_by_role("button", name="Delete…").click()
    dialog = screen.get_by_role("dialog", name="Delete this message?")
    expect(dialog).to_contain_text("Too soon")
    dialog.get_by_role("button", name="Delete the message").click()

    expect(dialog).to_be_hidden()
    expect(last(screen)).to_have_text("This message was deleted")


def test_an_app_that_was_added_meanwhile_is_there_after_the_next_click(screen: Page, world: World) -> None:
    visit(screen, world.path(world.maria))
    with world.live.work():
        account = db.session.get_one(Account, world.desk.account_id)
        make_app(account, title="Brand new", placement="both")

    row(screen, world.jonas).click()

    opened(screen, world.jonas)
    expect(screen.get_by_role("tab", name="Brand new")).to_have_count(2)


@pytest.mark.parametrize("width", [390, 768, 1440, 2560])
def test_axe_finds_nothing_and_nothing_is_cut_off(screen: Page, world: World, width: int) -> None:
    with world.live.work():
        maria = world.conversation(world.maria)
        maria.labels, maria.priority = ["delivery", "a label that somebody thought was a good idea"], 3
        maria.contact.name = "Maria " + "Wolfeschlegelsteinhausenbergerdorff " * 3
        ours = {"message_type": "outgoing", "sender_user_id": world.desk.bo.id}
        make_message(maria, "w" * 300, status="failed", **ours)
        make_message(maria, "Only for us", private=True, **ours)
        make_message(maria, "Something happened", message_type="activity")
        make_app(db.session.get_one(Account, world.desk.account_id), title="Orders", placement="both")
    screen.set_viewport_size({"width": width, "height": 900})

    for place in (world.path(), world.path(world.maria)):
        visit(screen, place)
        expect(screen.get_by_role("heading", level=1)).to_be_attached()
        if place != world.path():
            expect(screen.locator(".skeleton:visible")).to_have_count(0)
        assert complaints_light_and_dark(screen) == []
        assert screen.evaluate("document.documentElement.scrollWidth") <= width


def test_right_to_left_everything_turns_round(screen: Page, world: World) -> None:
    visit(screen, world.path(world.maria))
    screen.evaluate("document.documentElement.dir = 'rtl'")

    rail, conversation = (
        screen.locator(".rail").bounding_box(),
        screen.locator("#conversation").bounding_box(),
    )
    assert rail["x"] > conversation["x"]
    incoming = screen.locator('.message[data-kind="incoming"]').last.bounding_box()
    assert incoming["x"] + incoming["width"] > conversation["x"] + conversation["width"] * 0.6
    assert screen.evaluate("document.documentElement.scrollWidth") <= 1440


def test_twice_as_large_still_fits(screen: Page, world: World) -> None:
    screen.set_viewport_size({"width": 720, "height": 450})
    visit(screen, world.path(world.maria))

    expect(box(screen)).to_be_in_viewport()
    expect(screen.get_by_role("button", name="Resolve")).to_be_in_viewport()
    assert screen.locator(".thread").bounding_box()["height"] > 100


def test_more_tabs_than_there_is_room_for_are_in_a_menu_too(screen: Page, world: World) -> None:
    with world.live.work():
        account = db.session.get_one(Account, world.desk.account_id)
        for title in ("Orders of the customer", "Invoices", "Reservations", "Loyalty"):
            make_app(account, title=title)
    visit(screen, world.path(world.maria))
    side = screen.locator("#side")

    side.get_by_role("button", name="All tabs").click()
    screen.locator("#tabs-of-side").get_by_role("button", name="Loyalty").click()

    tab = side.get_by_role("tab", name="Loyalty")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(tab).to_be_in_viewport()
    expect(screen.locator("#tabs-of-side")).to_be_hidden()
    assert complaints_light_and_dark(screen) == []
