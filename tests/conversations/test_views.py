"""The agents' view, as pages: what is on them, who gets them, and what changes when something is sent."""

import json
import re
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from dashboard.conversations.forms import snooze_ends
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.contexts import unpacked
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.page import Page
from tests.support.queries import counted

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>' \u2028 <!-- "


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    made = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))
    make_message(made, "Where is my lantern?")
    return made


def path(conversation: Conversation, *rest: str) -> str:
    start = f"/accounts/{conversation.account_id}/conversations/{conversation.display_id}"
    return "/".join((start, *rest))


def desk(cast: Cast, query: str = "") -> str:
    return f"/accounts/{cast.acme.id}/conversations{query}"


def context_of(html: BeautifulSoup) -> dict[str, Any]:
    block = html.select_one("#app-context")
    assert block is not None
    context: dict[str, Any] = unpacked(block.text)
    return context


def rows_of(html: BeautifulSoup) -> list[str]:
    return [row.text for row in html.select(".row strong")]


def fragment(page: Page, address: str, target: str) -> BeautifulSoup:
    return page.get(address, headers={**HTMX, "HX-Target": target})


def change(
    page: Page, conversation: Conversation, resource: str, *, expect: int = 200, **fields: Any
) -> BeautifulSoup:
    """What htmx gets; it says which message is the last one on its page."""
    address = path(conversation)
    headers = {**HTMX, "HX-Current-URL": f"http://localhost{address}"}
    return page.post(f"{address}/{resource}", {"after": "0", **fields}, headers=headers, expect=expect)


# Looking


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


# The list


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


# The conversation


def test_htmx_gets_the_inside_of_the_conversation(page: Page, cast: Cast, conversation: Conversation) -> None:
    make_app(cast.acme)
    page.sign_in(cast.bo)

    html = fragment(page, path(conversation), "main#conversation")

    assert html.title is not None
    assert html.title.text.startswith("Maria Silva · #1")
    assert html.select_one("#conversation-1 .log")
    assert html.select_one('#contact-panel[hx-swap-oob="innerHTML"]')
    assert html.select_one('#apps[hx-swap-oob="true"]')
    assert not html.select("#conversation-list, .rail, #frame-shelf")


def test_a_page_that_was_loaded_with_other_apps_is_loaded_anew(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)
    mark = page.get(path(conversation)).select_one("#apps")["data-mark"]
    headers = {**HTMX, "HX-Target": "main#conversation", "X-Apps": mark}
    assert page.get(path(conversation), headers=headers).select_one(".conversation")

    make_app(cast.acme)
    page.get(path(conversation) + "?status=all", headers=headers)

    assert page.response is not None
    assert page.response.headers["HX-Redirect"] == path(conversation) + "?status=all"
    assert not page.response.data


def test_htmx_goes_back_to_the_list(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    html = fragment(page, desk(cast), "main#conversation")

    assert html.select_one(".empty h1").text == "Conversations"
    assert context_of(html) == {
        "key": "",
        "data": context_of(html)["data"] | {"conversation": {}, "contact": {}},
    }


def test_apps_stand_where_they_were_put(page: Page, cast: Cast, conversation: Conversation) -> None:
    side = make_app(cast.acme, title="Side", urls=("https://side.example.com/a",))
    tab = make_app(cast.acme, title="Tab", placement="tab", urls=("https://tab.example.com/",))
    both = make_app(cast.acme, title="Both", placement="both")
    page.sign_in(cast.bo)

    html = page.get(path(conversation))

    def slots(region: str) -> list[int]:
        return [int(slot["data-app-slot"]) for slot in html.select(f"{region} [data-app-slot]")]

    assert slots("#conversation") == [tab.id, both.id]
    assert slots("#side") == [side.id, both.id]
    assert [each["title"] for each in json.loads(html.select_one("#apps").text)] == ["Side", "Tab", "Both"]
    assert page.response is not None
    policy = page.response.headers["Content-Security-Policy"]
    expected = "frame-src https://app.example.com https://side.example.com https://tab.example.com"
    assert policy.endswith(expected)


def test_without_apps_there_are_no_tabs_above_the_thread(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)

    html = page.get(path(conversation))

    assert not html.select("#conversation [role=tablist]")
    assert not html.select("#frame-shelf")


def test_what_strangers_write_stays_text(page: Page, cast: Cast) -> None:
    contact = make_contact(
        cast.acme,
        name=HOSTILE,
        custom_attributes={HOSTILE: HOSTILE, "link": "javascript:alert(1)"},
        additional_attributes={"company_name": HOSTILE, "city": {"x": HOSTILE}},
    )
    inbox = make_inbox(cast.acme, members=(cast.bo,), name=HOSTILE)
    fields = {"custom_attributes": {HOSTILE: [HOSTILE]}, "additional_attributes": {"referer": HOSTILE}}
    conversation = make_conversation(inbox, contact=contact, labels=[HOSTILE], **fields)
    make_message(conversation, HOSTILE + ' javascript:alert(3) http://x.example/"onclick=alert(4)')
    make_app(cast.acme, title=HOSTILE, placement="both")
    page.sign_in(cast.bo)

    html = page.get(path(conversation))
    changed = change(page, conversation, "labels", labels=HOSTILE, label="more")

    for source in (html, changed):
        assert not source.select("img, script:not([src]):not([type='application/json'])")
        assert not [link for link in source.select("a[href]") if "javascript:" in link["href"]]
        assert context_of(source)["data"]["contact"]["name"] == HOSTILE
    assert page.response is not None
    assert b"</script><" not in page.response.data.replace(b"</script>\n<", b"")
    assert "\u2028" not in html.select_one("#app-context").text


def test_addresses_in_messages_become_links(page: Page, cast: Cast, conversation: Conversation) -> None:
    make_message(conversation, "See https://example.com/a?b=1&c=2 or write to me@example.com, not ftp://x.y")
    page.sign_in(cast.bo)

    links = page.get(path(conversation)).select(".log .bubble a")

    assert [link["href"] for link in links] == ["https://example.com/a?b=1&c=2", "mailto:me@example.com"]
    assert all({"noopener", "noreferrer", "nofollow"} <= set(link["rel"]) for link in links)


def test_private_notes_stay_out_of_the_context(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    html = change(page, conversation, "messages", content="she is a VIP", kind="note")

    assert html.select_one('.message[data-kind="note"]')
    assert "she is a VIP" not in html.select_one("#app-context").text


def test_older_messages_come_page_by_page(page: Page, cast: Cast, conversation: Conversation) -> None:
    make_messages(conversation, 70)
    page.sign_in(cast.bo)
    html = page.get(path(conversation))
    texts = [bubble.text for bubble in html.select(".bubble")]

    while older := html.select_one(".older a"):
        html = fragment(page, older["hx-get"], "div")
        texts = [bubble.text for bubble in html.select(".bubble")] + texts

    assert texts == ["Where is my lantern?", *(f"Message {number}" for number in range(1, 71))]


def test_days_are_told_apart_where_the_reader_lives(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=3)
    for hours in (0, 1, 11.5):
        make_message(conversation, "Hi", created_at=noon + timedelta(hours=hours))
    page.sign_in(cast.bo)

    cast.bo.time_zone = "UTC"
    db.session.commit()
    assert len(page.get(path(conversation)).select(".day")) == 1

    cast.bo.time_zone = "Asia/Tokyo"  # where it is past midnight at the last one
    db.session.commit()
    assert len(page.get(path(conversation)).select(".day")) == 2


def test_what_belongs_together_stands_together(page: Page, cast: Cast, conversation: Conversation) -> None:
    ours = {"message_type": "outgoing", "sender_user_id": cast.bo.id}
    make_message(conversation, "still there?")
    make_message(conversation, "Yes", **ours)
    make_message(conversation, "Of course", **ours)
    make_message(conversation, "A note", private=True, **ours)
    page.sign_in(cast.bo)

    html = page.get(path(conversation))

    follows = [message.has_attr("data-follows") for message in html.select(".message")]
    assert follows == [False, True, False, True, False]


def test_a_deleted_message_says_so(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    message = make_message(conversation, "Oops", message_type="outgoing", sender_user_id=cast.bo.id)
    page.get(path(conversation, "messages", str(message.id), "deletion"))
    fragment(page, path(conversation, "messages", str(message.id), "deletion"), "dialog#dialog")

    html = change(page, conversation, f"messages/{message.id}/deletion", after=message.id)

    altered = html.select_one(f"#message-{message.id}")
    assert altered["hx-swap-oob"] == "true"
    assert altered.select_one(".bubble").text == "This message was deleted"
    assert "Oops" not in page.get(path(conversation)).text


def test_previous_conversations_come_later(page: Page, cast: Cast, conversation: Conversation) -> None:
    earlier = make_conversation(cast.inbox, contact=conversation.contact, status="resolved")
    make_message(earlier, "An older matter")
    hidden = make_inbox(cast.acme)
    make_message(make_conversation(hidden, contact=conversation.contact), "Not for Bo")
    page.sign_in(cast.bo)

    html = fragment(page, path(conversation, "previous"), "div")

    assert [link["href"] for link in html.select("a")] == [path(earlier)]
    assert "Not for Bo" not in html.text


def test_colleagues_before_the_same_conversation_are_named(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)
    address = path(conversation, "lookers")

    everybody = ",".join(str(person.id) for person in (cast.ada, cast.bo, cast.cy, cast.eve))
    html = fragment(page, f"{address}?users={everybody},x,{10**40}", "div")

    assert html.div["title"] == "Ada Admin, Cy Agent are looking at this too"
    assert [avatar.text for avatar in html.select(".avatar")] == ["AA", "CA"]
    html = fragment(page, f"{address}?users={cast.ada.id}", "div")
    assert html.div["title"] == "Ada Admin is looking at this too"
    page.get(f"{address}?users={cast.eve.id}", headers=HTMX)
    assert page.response.data.strip() == b""


# Doing


def test_a_reply_is_sent_and_shown_with_what_else_is_new(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)
    last = db.session.scalar(db.select(db.func.max(Message.id)))
    make_message(conversation, "Hello?")

    html = change(page, conversation, "messages", content="On its way", kind="reply", after=last)

    assert [bubble.text for bubble in html.select("[hx-swap-oob='beforeend:#log-1'] .bubble")] == [
        "Hello?",
        "On its way",
    ]
    assert html.select_one("#row-1 .row-text").text == "You: On its way"
    assert context_of(html)["data"]["conversation"]["messages"][-1]["content"] == "On its way"
    message = db.session.get_one(Message, int(html.select_one("#end-1")["value"]))
    assert (message.message_type, message.private, message.sender_user) == ("outgoing", False, cast.bo)


def test_without_scripts_the_composer_is_a_form(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    page.get(path(conversation))

    page.submit("form.composer", {"content": "On its way"})
    assert page.follow().select(".bubble")[-1].text == "On its way"

    html = page.submit("form.composer", {"content": "  ", "kind": "note"}, expect=422)
    assert html.select_one(".composer [role=alert]").text == "Write something first."
    assert html.select_one(".composer [value=note]").has_attr("checked")


def test_what_cannot_be_sent_is_kept_and_explained(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)

    html = change(page, conversation, "messages", content="", expect=422)
    assert html.select_one("#composer-error-1").text == "Write something first."
    html = change(page, conversation, "messages", content="x" * 150_001, expect=422)
    assert "too long" in html.text
    change(page, conversation, "messages", content="x", kind="shout", expect=422)
    html = page.post(path(conversation, "messages"), {"content": "kept", "kind": "shout"}, expect=422)
    assert html.select_one("textarea").text.strip() == "kept"


def test_a_form_of_somebody_else_does_nothing(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    for resource in ("messages", "status", "assignee", "priority", "labels", "seen"):
        answer = page.client.post(path(conversation, resource), data={"content": "x", "status": "resolved"})
        assert answer.status_code == 400
    assert conversation.status == "open"


def test_a_conversation_is_resolved_and_reopened(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    html = change(page, conversation, "status", status="resolved")
    assert conversation.status == "resolved"
    assert html.select_one(".activity").text.startswith("Conversation was marked resolved by Bo Agent")
    assert html.select_one("#head-1 [type=submit][value=open]").text.strip() == "Reopen"
    assert [tally.text for tally in html.select(".tally")] == ["0", "0", "0"]

    change(page, conversation, "status", status="open")
    assert conversation.status == "open"


def test_a_snooze_ends_in_the_morning_where_the_agent_lives(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    cast.bo.time_zone = "America/New_York"
    db.session.commit()
    page.sign_in(cast.bo)

    html = change(page, conversation, "status", status="snoozed", until="tomorrow")

    until = conversation.snoozed_until
    assert until is not None
    assert until.hour in {13, 14}  # nine in the morning, summer or winter
    assert re.fullmatch(r"Snoozed until \w{3} 9:00\sAM", html.select_one("#head-1 .badge").text)


def test_a_snooze_may_end_at_any_time_to_come(page: Page, cast: Cast, conversation: Conversation) -> None:
    cast.bo.time_zone = "Asia/Tokyo"
    db.session.commit()
    page.sign_in(cast.bo)
    year = clock.now().year + 1

    change(page, conversation, "status", status="snoozed", until="at", at=f"{year}-05-01T09:00")
    assert conversation.snoozed_until == datetime.fromisoformat(f"{year}-05-01T00:00+00:00")
    badge = page.get(path(conversation)).select_one("#head-1 .badge")
    assert (badge.text, badge["title"]) == (f"Snoozed until May 1, {year}", f"May 1, {year}, 9:00\u202fAM")

    for at in ("2001-01-01T09:00", "9999-12-31T23:59", ""):
        html = change(page, conversation, "status", status="snoozed", until="at", at=at, expect=422)
        assert html.select_one("#snooze-error-1").text == "Choose a day and time in the future."
    change(page, conversation, "status", status="snoozed", until="at", at="soon", expect=422)


def test_a_snooze_without_an_end_waits_for_a_reply(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)

    change(page, conversation, "status", status="snoozed", until="reply")

    assert conversation.status == "snoozed"
    assert conversation.snoozed_until is None
    html = page.get(path(conversation))
    assert html.select_one("#head-1 .badge").text == "Snoozed until the next reply"


def test_later_today_is_offered_while_there_is_a_while_until_the_evening() -> None:
    zone = ZoneInfo("America/New_York")
    noon = datetime(2026, 11, 20, 12, tzinfo=zone)

    assert snooze_ends(noon, zone)["today"] == datetime(2026, 11, 20, 17, tzinfo=zone)
    assert "today" not in snooze_ends(noon.replace(hour=16, minute=30), zone)


def test_a_contact_is_muted_and_may_speak_again(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    html = change(page, conversation, "mute", muted="yes")
    assert (conversation.contact.blocked, conversation.status) == (True, "resolved")
    assert html.select_one("#states-1 [name=muted]")["value"] == "no"
    assert "Blocked" in html.select_one("#facts-1").text
    assert "Bo Agent has muted the conversation" in html.text

    html = change(page, conversation, "mute", muted="no")
    assert (conversation.contact.blocked, conversation.status) == (False, "resolved")
    assert "Blocked" not in html.select_one("#facts-1").text
    change(page, conversation, "mute", muted="perhaps", expect=422)


def test_somebody_of_the_inbox_is_put_in_charge(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)
    offered = [
        int(button["value"])
        for button in fragment(page, path(conversation, "assignee"), "div").select("button")
    ]
    assert offered == [cast.bo.id, 0, cast.ada.id]

    html = change(page, conversation, "assignee", assignee_id=cast.ada.id)
    assert conversation.assignee == cast.ada
    assert "Ada Admin" in html.select_one("#prop-assignee-1").text

    change(page, conversation, "assignee", assignee_id=0)
    assert conversation.assignee is None


@pytest.mark.parametrize("who", ["cy", "eve"])
def test_nobody_from_elsewhere_is_put_in_charge(
    page: Page, cast: Cast, conversation: Conversation, who: str
) -> None:
    page.sign_in(cast.bo)

    change(page, conversation, "assignee", assignee_id=getattr(cast, who).id, expect=404)
    change(page, conversation, "assignee", assignee_id=10**20, expect=404)

    assert conversation.assignee is None


def test_the_priority_is_set_and_taken_away(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    html = change(page, conversation, "priority", priority="urgent")
    assert conversation.priority_name == "urgent"
    assert html.select_one("#row-1 .priority").text == "Urgent"
    change(page, conversation, "priority", priority="")

    assert conversation.priority_name is None


def test_labels_are_ticked_unticked_and_made(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    change(page, conversation, "labels", labels=["delivery"], label="vip")
    assert conversation.labels == ["delivery", "vip"]
    boxes = fragment(page, path(conversation, "labels"), "div").select("[type=checkbox]")
    assert [(box["value"], box.has_attr("checked")) for box in boxes] == [("delivery", True), ("vip", True)]

    html = change(page, conversation, "labels", labels=["vip"])
    assert [tag.text for tag in html.select("#prop-labels-1 .tag")] == ["vip"]

    html = change(page, conversation, "labels", labels=["vip", "trade", "returns", "billing"])
    assert [tag.text for tag in html.select("#prop-labels-1 .tag")] == ["vip", "trade"]
    assert html.select_one("#prop-labels-1").text.endswith("+2")
    assert html.select_one("#prop-labels-1")["aria-label"] == "Labels: vip, trade, returns, billing"


def test_where_nothing_was_written_the_thread_says_so(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    page.sign_in(cast.bo)
    assert (
        page.get(path(conversation)).select_one(".thread .thread-none").text
        == "Nothing has been written yet."
    )

    make_message(conversation)

    assert page.get(path(conversation)).select_one(".thread-none") is None


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        ("status", {"status": "gone"}),
        ("status", {}),
        ("status", {"status": "snoozed", "until": "never"}),
        ("priority", {"priority": "extreme"}),
        ("assignee", {"assignee_id": "bo"}),
        ("assignee", {}),
        ("labels", {"labels": "x" * 256}),
        ("seen", {"after": "x"}),
    ],
)
def test_nonsense_is_refused(
    page: Page, cast: Cast, conversation: Conversation, resource: str, fields: dict[str, str]
) -> None:
    page.sign_in(cast.bo)

    change(page, conversation, resource, expect=422, **fields)

    assert conversation.status == "open"
    assert conversation.labels == []


def test_being_seen_is_told_once(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    html = change(page, conversation, "seen")
    assert not html.select("#row-1 .count")
    assert context_of(html)["data"]["conversation"]["unread_count"] == 0
    assert conversation.agent_last_seen_at is not None

    assert change(page, conversation, "seen", expect=204).text == ""


def test_a_change_without_scripts_leads_back_to_the_page(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)

    page.post(path(conversation, "status"), {"status": "resolved"})

    assert page.follow().select_one("#head-1 .badge").text.strip() == "Resolved"


def test_what_happened_is_told_in_the_language_of_the_page(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.bo)
    change(page, conversation, "priority", priority="low")
    make_message(conversation, "100% odd", message_type="activity", additional_attributes={"activity": 7})

    lines = [line.text for line in page.get(path(conversation)).select(".activity")]

    assert lines[0].startswith("Bo Agent set the priority to low")
    assert lines[1].startswith("100% odd")


def test_search_words_cannot_break_out(page: Page, cast: Cast, conversation: Conversation) -> None:
    page.sign_in(cast.bo)

    for words in ("%", "' OR 1=1 --", HOSTILE, "\x00", "*", '"', "#1"):
        html = page.get(desk(cast, f"?q={quote(words)}"))
        assert len(rows_of(html)) == (1 if words in {"#1", "\x00"} else 0)
