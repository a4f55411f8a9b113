"""The list of conversations, as pages and parts of them: what is in it, in which order, how far."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from dashboard.conversations.models import Conversation
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.desk import HTMX
from tests.support.desk import change
from tests.support.desk import desk
from tests.support.desk import fragment
from tests.support.desk import path
from tests.support.desk import rows_of
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.page import Page


def test_the_list_is_narrowed_by_its_address(page: Page, cast: Cast) -> None:
    other = make_inbox(cast.acme, members=(cast.bo,), name="Shop")
    for name, inbox, fields in (
        ("Open", cast.inbox, {}),
        ("Mine", cast.inbox, {"assignee_id": cast.bo.id}),
        ("Done", cast.inbox, {"status": "resolved"}),
        ("Bought", other, {}),
    ):
        make_conversation(inbox, contact=make_contact(cast.acme, name=name), **fields)
    page.sign_in(cast.bo)

    def found(query: str) -> set[str]:
        return set(rows_of(page.get(desk(cast, query))))

    assert found("") == {"Open", "Mine", "Bought"}
    assert found("?assigned=me") == {"Mine"}
    assert found("?assigned=unassigned") == {"Open", "Bought"}
    assert found("?status=resolved") == {"Done"}
    assert found("?status=all") == {"Open", "Mine", "Done", "Bought"}
    assert found(f"?inbox={other.id}") == {"Bought"}
    assert found("?q=bough") == {"Bought"}
    assert found("?label=none") == set()


def test_the_list_is_narrowed_by_what_is_known_of_conversations(page: Page, cast: Cast) -> None:
    cast.bo.time_zone = "Asia/Tokyo"
    make_definition(cast.acme, "plan", model="conversation_attribute", name="Plan")
    make_definition(cast.acme, "gift", model="conversation_attribute", name="A gift", kind="checkbox")
    evening = datetime(2026, 3, 1, 16, tzinfo=UTC)  # the next day in Tokyo
    for name, fields in (
        ("Ada's", {"assignee_id": cast.ada.id, "custom_attributes": {"plan": "Gold", "gift": True}}),
        ("Urgent", {"priority": 3, "custom_attributes": {"plan": "Silver", "gift": False}}),
        ("Early", {"created_at": evening}),
    ):
        make_conversation(cast.inbox, contact=make_contact(cast.acme, name=name), **fields)
    page.sign_in(cast.bo)

    def found(query: str) -> set[str]:
        return set(rows_of(page.get(desk(cast, query))))

    assert found(f"?assignee={cast.ada.id}") == {"Ada's"}
    assert found("?priority=urgent") == {"Urgent"}
    assert found("?until=2026-03-02") == {"Early"}
    assert found("?until=2026-03-01") == set()
    assert found("?since=2026-03-02&until=2026-03-02") == {"Early"}
    assert found("?since=2026-03-03") == {"Ada's", "Urgent"}
    assert found("?attribute.plan=gol") == {"Ada's"}
    assert found("?attribute.gift=false") == {"Urgent"}
    assert found("?attribute.gift=perhaps") == found("?attribute.gone=1") == set()
    assert found("?attribute.plan=l&attribute.gift=true") == {"Ada's"}

    form = page.get(desk(cast, "/filters?q=x&priority=urgent&attribute.plan=Gold")).select_one("#list-narrow")
    assert form.select_one("[name='attribute.plan']")["value"] == "Gold"
    assert form.select_one("[name=priority] [selected]")["value"] == "urgent"
    assert [each["value"] for each in form.select("[type=hidden]")] == ["x"]
    assert form.select_one("a.button")["href"] == desk(cast)


def test_each_tab_says_how_many_it_has(page: Page, cast: Cast) -> None:
    for assignee in (cast.bo.id, cast.ada.id, None, None):
        make_conversation(cast.inbox, assignee_id=assignee)
    page.sign_in(cast.bo)

    html = page.get(desk(cast, "?assigned=unassigned"))

    assert [tab.text for tab in html.select("#list-tabs .tally")] == ["1", "2", "4"]
    assert html.select_one('#list-tabs [aria-current="page"]').text.startswith("Unassigned")


def test_a_label_narrows_the_list_and_is_offered(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    change(page, conversation, "labels", label="delivery")
    make_conversation(cast.inbox)

    assert rows_of(page.get(desk(cast, "?label=delivery"))) == ["Maria Silva"]
    offered = page.get(desk(cast, "/filters?label=delivery")).select("#filter-label option")
    assert [option.text for option in offered] == ["Any label", "delivery"]


def test_the_list_goes_on_where_it_stopped(page: Page, cast: Cast) -> None:
    now = clock.now()
    for number in range(60):
        contact = make_contact(cast.acme, name=f"No. {number:02}")
        make_conversation(cast.inbox, contact=contact, last_activity_at=now - timedelta(minutes=number))
    page.sign_in(cast.bo)

    html = page.get(desk(cast))
    names = rows_of(html)
    while more := html.select_one(".rows-more a"):
        html = fragment(page, more["hx-get"], "div")
        names += rows_of(html)

    assert names == [f"No. {number:02}" for number in range(60)]


def test_without_scripts_the_list_goes_on_on_another_page(page: Page, cast: Cast) -> None:
    for _ in range(60):
        make_conversation(cast.inbox)
    page.sign_in(cast.bo)
    first = page.get(desk(cast))

    second = page.get(first.select_one(".rows-more a")["href"])

    assert len(rows_of(first) + rows_of(second)) == 60


def test_a_row_says_who_wrote_last(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    def preview() -> str:
        return str(page.get(desk(cast)).select_one(".row-text").text)

    assert preview() == "Where is my lantern?"
    make_message(conversation, "On its way", message_type="outgoing", sender_user_id=cast.bo.id)
    assert preview() == "You: On its way"
    make_message(conversation, "Sure", message_type="outgoing", sender_user_id=cast.ada.id)
    assert preview() == "Ada Admin: Sure"
    fields = {"message_type": "outgoing", "private": True, "sender_user_id": cast.ada.id}
    make_message(conversation, "VIP", **fields)
    assert preview() == "Private note from Ada Admin: VIP"
    make_message(conversation, "Somebody did something", message_type="activity")
    assert preview() == "Private note from Ada Admin: VIP"


def test_htmx_gets_the_list_and_its_address(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    headers = {
        **HTMX,
        "HX-Target": "section#conversation-list",
        "HX-Source": "form#list-find",
        "HX-Current-URL": f"http://localhost{path(conversation)}",
    }

    html = page.get(desk(cast, "?q=maria&inbox=&label=&sort=last_activity_at_desc"), headers=headers)

    assert html.select_one("[data-conversation]")["aria-current"] == "true"
    assert page.response is not None
    assert page.response.headers["HX-Replace-Url"] == path(conversation) + "?q=maria"


@pytest.mark.database
def test_an_address_that_no_page_has_is_the_usual_list(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)
    for address in ("http://[", "http://localhost/?label=a%00b"):
        headers = {**HTMX, "HX-Current-URL": address}
        page.get(desk(cast), headers={**headers, "HX-Target": "section#conversation-list"})
        fields = {"after": "0", "priority": "high"}
        page.post(f"{path(conversation)}/priority", fields, headers=headers, expect=200)
