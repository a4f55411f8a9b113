"""The page of one conversation: what stands in its thread, beside it, and in what apps are told."""

import json
from datetime import timedelta

from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.desk import HTMX
from tests.support.desk import change
from tests.support.desk import context_of
from tests.support.desk import desk
from tests.support.desk import fragment
from tests.support.desk import path
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.page import Page

HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>' \u2028 <!-- "


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


def test_how_it_began_is_told_in_words_and_what_nobody_knows_as_it_is(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    conversation.additional_attributes = {
        "browser": {
            "device_name": "Unknown",
            "browser_name": "Firefox",
            "platform_name": "Windows",
            "browser_version": "144.0",
            "platform_version": "11",
        },
        "initiated_at": {"timestamp": "2026-11-02T09:30:00.000Z"},
        "referer": "https://shop.example.com/",
        "cart_value": 12,
    }
    db.session.commit()
    page.sign_in(cast.bo)

    def told() -> dict[str, str]:
        facts = page.get(path(conversation)).select("#contact-panel section .facts")[-1]
        names, values = facts.select("dt"), facts.select("dd")
        return {name.text: value.text for name, value in zip(names, values, strict=True)}

    assert told()["Browser"] == "Firefox 144.0, Windows 11"
    assert told()["Began"].startswith("Nov 2, 2026")
    assert told()["Came from"] == "https://shop.example.com/"
    assert told()["Cart value"] == "12"

    conversation.additional_attributes = {"browser": "Lynx", "initiated_at": {"timestamp": "Fri Nov 20"}}
    db.session.commit()
    assert told() == {"Browser": "Lynx", "Began": "Fri Nov 20"}


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
