"""The agents' view, as pages: who gets them, and what they ask of the database."""

from datetime import timedelta

import pytest

from dashboard.conversations.models import Conversation
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.desk import HTMX
from tests.support.desk import desk
from tests.support.desk import path
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.page import Page
from tests.support.queries import counted


@pytest.mark.parametrize("person", ["ada", "bo"])
def test_who_works_in_the_inbox_reads_its_conversations(
    page: Page, cast: Cast, conversation: Conversation, person: str
) -> None:
    page.sign_in(getattr(cast, person))

    html = page.get(path(conversation))

    assert "Where is my lantern?" in html.select_one(".log").text
    assert html.select_one("#contact-panel").find(string="Maria Silva")
    assert html.select_one('[aria-current="true"][data-conversation]')["data-conversation"] == "1"


@pytest.mark.parametrize("person", ["cy", "eve"])
@pytest.mark.parametrize(
    "rest",
    [
        "",
        "messages?before=9",
        "previous",
        "lookers?users=1",
        "assignee",
        "labels",
        "priority",
        "status",
        "messages/1/deletion",
    ],
)
def test_a_conversation_of_others_is_not_there(
    page: Page, cast: Cast, conversation: Conversation, person: str, rest: str
) -> None:
    page.sign_in(getattr(cast, person))

    page.get(path(conversation, rest), expect=404)


@pytest.mark.parametrize("person", ["cy", "eve"])
@pytest.mark.parametrize(
    "rest", ["messages", "status", "assignee", "priority", "labels", "seen", "messages/1/deletion"]
)
def test_nothing_can_be_done_to_a_conversation_of_others(
    page: Page, cast: Cast, conversation: Conversation, person: str, rest: str
) -> None:
    page.sign_in(getattr(cast, person))

    fields = {"content": "x", "status": "resolved", "priority": "high", "assignee_id": cast.bo.id, "after": 0}
    page.post(path(conversation, rest), fields, expect=404)

    assert conversation.status == "open"


@pytest.mark.parametrize("address", ["", "?status=all", "/rows", "/filters"])
def test_a_stranger_to_the_account_finds_no_desk(page: Page, cast: Cast, address: str) -> None:
    page.sign_in(cast.eve)

    page.get(desk(cast, address), expect=404)


def test_nobody_is_asked_to_sign_in_first(page: Page, conversation: Conversation) -> None:
    page.get(path(conversation), expect=302)

    assert page.response is not None
    assert page.response.headers["Location"] == f"/login?next={path(conversation)}"


def test_an_ended_session_leads_htmx_to_the_sign_in_and_back(page: Page, conversation: Conversation) -> None:
    address = path(conversation)
    headers = {**HTMX, "HX-Current-URL": f"http://localhost{address}"}

    page.get(address, headers=headers, expect=401)
    assert page.response is not None
    assert page.response.headers["HX-Redirect"] == f"/login?next={address}"

    page.client.post(address + "/messages", data={"content": "x"}, headers=headers)
    answer = page.client.post(address + "/messages", data={"content": "x"}, headers=headers)
    assert answer.headers["HX-Redirect"] == f"/login?next={address}"


def test_a_session_lives_through_the_working_day(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    page.get(path(conversation))
    form = page.html.select_one("form.composer")

    clock.shift(timedelta(hours=9))
    token = form.select_one("[name=csrf_token]")["value"]
    fields = {"content": "Good evening", "kind": "reply", "csrf_token": token}
    answer = page.client.post(str(form["action"]), data=fields)

    assert answer.status_code == 303


def test_a_number_that_no_conversation_has_is_not_found(page: Page, cast: Cast) -> None:
    page.sign_in(cast.bo)

    for number in (99, 2**31, 2**63, 10**30):
        page.get(desk(cast, f"/{number}"), expect=404)


@pytest.mark.parametrize(
    "query",
    [
        "?status=gone",
        "?assigned=them",
        "?inbox=x",
        "?assignee=x",
        "?priority=none",
        "?since=tomorrow",
        "?until=9999-12-31",
        "?sort=up",
        "?after=x",
        "?after=1",
        "?sort=priority_desc&after=9999.1.1",
        "?inbox=9" * 3,
    ],
)
def test_an_address_that_means_nothing_is_refused(page: Page, cast: Cast, query: str) -> None:
    page.sign_in(cast.bo)

    page.get(desk(cast, query), expect=422)


def test_looking_changes_nothing(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    page.get(path(conversation))

    assert conversation.agent_last_seen_at is None


def test_the_conversation_page_asks_little_however_long_the_thread(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    make_messages(conversation, 80)
    for number in range(5):
        make_app(cast.acme, title=f"App {number}", placement="both")
    for _ in range(30):
        make_message(make_conversation(cast.inbox), "A question about an order, of usual length, I think.")
    page.sign_in(cast.bo)
    address = path(conversation)

    with counted() as queries:
        html = page.get(address)

    assert queries.number <= 8
    assert len(html.select(".message")) == 30
    assert page.response is not None
    assert len(page.response.data) <= 60 * 1024


@pytest.mark.parametrize("narrowed", ["q=jane", "label=vip", "label=vip&q=jane", "only=unattended&q=jane"])
def test_a_narrowed_list_beside_it_asks_little_too(
    page: Page, cast: Cast, conversation: Conversation, narrowed: str
) -> None:
    make_messages(conversation, 3)
    make_app(cast.acme, placement="both")
    page.sign_in(cast.bo)
    address = path(conversation)

    with counted() as queries:
        page.get(f"{address}?{narrowed}")

    assert queries.number <= 8


def test_the_list_asks_little_however_long_it_is(page: Page, cast: Cast) -> None:
    for _ in range(60):
        make_message(make_conversation(cast.inbox))
    page.sign_in(cast.bo)

    with counted() as queries:
        page.get(desk(cast))

    assert queries.number <= 8


def test_the_first_desk_says_how_customers_come(page: Page, cast: Cast) -> None:
    page.sign_in(cast.eve)
    html = page.get(f"/accounts/{cast.other.id}/conversations")
    assert html.select_one(".conv .empty a")["href"].endswith("/settings/inboxes/new")

    page.sign_in(cast.cy)
    html = page.get(desk(cast))
    assert "not a member of any inbox" in html.select_one(".conv .empty").text
