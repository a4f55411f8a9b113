"""What agents do on a conversation's page, with scripts and without: what changes, and what they get."""

import re
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from dashboard.conversations.forms import snooze_ends
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.desk import change
from tests.support.desk import context_of
from tests.support.desk import desk
from tests.support.desk import fragment
from tests.support.desk import path
from tests.support.desk import rows_of
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.page import Page

HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>' \u2028 <!-- "


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
    assert not html.select("[role=alert]")  # what the composer has just said stays

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
