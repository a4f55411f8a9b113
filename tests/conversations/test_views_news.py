"""What a page is told that has heard of news: its share, at the same few queries however much there is."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.queries.messages import unread_count_of
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.desk import HTMX
from tests.support.desk import rows_of
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.page import Page
from tests.support.queries import counted


@pytest.fixture
def three(cast: Cast) -> list[Conversation]:
    """Maria's was active last, then Jonas's, then Priya's."""
    made = []
    for hours, name in enumerate(("Maria", "Jonas", "Priya")):
        conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme, name=name))
        make_message(conversation, f"{name} here")
        conversation.last_activity_at = clock.now() - timedelta(hours=hours)
        made.append(conversation)
    db.session.commit()
    return made


def news(page: Page, cast: Cast, query: str = "", expect: int = 200, **args: Any) -> BeautifulSoup:
    home = f"/accounts/{cast.acme.id}/conversations"
    asked = "&".join(f"{name}={value}" for name, value in args.items())
    headers = {**HTMX, "HX-Current-URL": f"http://localhost{home}{query}"}
    return page.get(f"{home}/news?{asked}", headers=headers, expect=expect)


def order_of(html: BeautifulSoup) -> list[int]:
    return [int(each) for each in html.select_one("[data-order]")["data-order"].split(",") if each]


def numbers(conversations: list[Conversation]) -> str:
    return ",".join(str(each.display_id) for each in conversations)


def test_a_row_comes_with_its_place(page: Page, cast: Cast, three: list[Conversation]) -> None:
    maria, jonas, priya = three
    receive_message(priya, content="And another thing")
    page.sign_in(cast.bo)

    html = news(page, cast, rows=priya.display_id, shown=numbers(three))

    assert rows_of(html) == ["Priya"]
    assert order_of(html) == [priya.display_id, maria.display_id, jonas.display_id]
    assert html.select_one("#list-all .tally").text == "3"


def test_what_is_resolved_leaves_the_open_ones(page: Page, cast: Cast, three: list[Conversation]) -> None:
    change_status(three[1], to="resolved", actor=cast.bo)
    page.sign_in(cast.bo)

    html = news(page, cast, rows=three[1].display_id, shown=numbers(three))
    assert rows_of(html) == []
    assert order_of(html) == [three[0].display_id, three[2].display_id]

    html = news(page, cast, "?status=resolved", rows=three[1].display_id)
    assert rows_of(html) == ["Jonas"]


def test_nobody_is_told_of_other_peoples_conversations(
    page: Page, cast: Cast, three: list[Conversation]
) -> None:
    hidden = make_conversation(make_inbox(cast.acme), contact=make_contact(cast.acme, name="Hidden"))
    db.session.commit()
    page.sign_in(cast.bo)

    assert rows_of(news(page, cast, rows=hidden.display_id, contacts=hidden.contact_id)) == []
    news(page, cast, open=hidden.display_id, after=0, expect=404)
    page.sign_in(cast.cy)
    assert rows_of(news(page, cast, rows=numbers(three))) == []
    page.post(f"/accounts/{cast.acme.id}/conversations/{three[0].display_id}/looked", expect=404)
    page.post(f"/accounts/{cast.acme.id}/conversations/{three[0].display_id}/typing", expect=404)


def test_the_thread_goes_on_after_its_last_message(page: Page, cast: Cast, three: list[Conversation]) -> None:
    first = make_message(three[0], "Mistaken", message_type="outgoing", sender_user_id=cast.bo.id)
    last = make_message(three[0], "Hello?")
    db.session.commit()
    delete_message(first, actor=cast.bo)
    receive_message(three[0], content="Anybody?")
    page.sign_in(cast.bo)

    html = news(page, cast, open=three[0].display_id, after=last.id, messages=first.id)

    added = html.select_one("[hx-swap-oob^='beforeend']")
    assert [bubble.text for bubble in added.select(".bubble")] == ["Anybody?"]
    assert "deleted" in html.select_one(f"#message-{first.id}[hx-swap-oob]").text
    assert "Anybody?" in html.select_one("#app-context").text
    assert html.select_one(".field-error") is None  # what stands beside the composer is none of its business


def test_a_name_that_changed_changes_in_every_row(page: Page, cast: Cast, three: list[Conversation]) -> None:
    page.sign_in(cast.bo)

    assert rows_of(news(page, cast, contacts=three[2].contact_id)) == ["Priya"]


def test_after_a_silence_the_beginning_of_the_list_is_told(
    page: Page, cast: Cast, three: list[Conversation]
) -> None:
    page.sign_in(cast.bo)

    assert rows_of(news(page, cast, first=1)) == ["Maria", "Jonas", "Priya"]


@pytest.mark.parametrize("bad", ["rows=x,1e9,%00,99999999999999999999", "open=0", "messages=-1&shown=,,"])
def test_nonsense_is_passed_over(page: Page, cast: Cast, three: list[Conversation], bad: str) -> None:
    page.sign_in(cast.bo)

    name, value = bad.split("=", 1)
    assert order_of(news(page, cast, **{name: value})) == []


def test_many_cost_no_more_queries_than_few(page: Page, cast: Cast, three: list[Conversation]) -> None:
    page.sign_in(cast.bo)
    maria, everybody = three[0].display_id, numbers(three)
    ids = [make_message(three[0], f"No. {number}").id for number in range(40)]
    db.session.commit()
    with counted() as few:
        news(page, cast, rows=maria, shown=everybody, messages=ids[0], open=maria, after=ids[-1])

    with counted() as many:
        asked = {"rows": everybody, "shown": everybody, "messages": ",".join(map(str, ids))}
        html = news(page, cast, **asked, open=maria, after=ids[19])

    assert len(html.select("[hx-swap-oob^='beforeend'] .message")) == 20
    assert len(html.select(".message[hx-swap-oob]")) == 20
    assert many.number == few.number <= 10


def test_what_somebody_looks_at_is_read(page: Page, cast: Cast, three: list[Conversation]) -> None:
    page.sign_in(cast.bo)

    page.post(f"/accounts/{cast.acme.id}/conversations/{three[0].display_id}/looked", expect=204)

    assert unread_count_of(three[0]) == 0
