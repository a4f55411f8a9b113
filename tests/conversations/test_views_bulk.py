"""Many conversations at once."""

import pytest
from bs4 import BeautifulSoup

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.page import Page

HTMX = {"HX-Request": "true", "HX-Target": "section#conversation-list"}


@pytest.fixture
def where(cast: Cast) -> str:
    return f"/accounts/{cast.acme.id}/conversations"


@pytest.fixture
def two(cast: Cast) -> list[Conversation]:
    return [make_conversation(cast.inbox), make_conversation(cast.inbox)]


def sent(conversations: list[Conversation], do: str, **more: str) -> dict[str, object]:
    return {"pick": [str(each.display_id) for each in conversations], "do": do, "status": "snoozed", **more}


def lines_of(conversation: Conversation) -> list[str]:
    return [
        message.content for message in db.session.query(Message).filter_by(conversation_id=conversation.id)
    ]


def test_those_that_are_ticked_are_resolved_without_scripts(
    page: Page, cast: Cast, where: str, two: list[Conversation]
) -> None:
    page.sign_in(cast.bo)
    html = page.get(where)
    assert [box["value"] for box in html.select(".row-pick[form=bulk]")] == [
        str(each.display_id) for each in reversed(two)
    ]

    page.submit("#bulk", sent(two, "resolve"))

    assert [each.status for each in two] == ["resolved", "resolved"]
    assert lines_of(two[0]) == ["Conversation was marked resolved by Bo Agent"]
    assert "2 conversations are changed." in page.follow().text
    page.post(f"{where}/bulk", sent(two, "reopen"))
    assert [each.status for each in two] == ["open", "open"]


def test_what_is_not_ones_own_is_refused_and_told(
    page: Page, cast: Cast, where: str, two: list[Conversation]
) -> None:
    other = make_conversation(make_inbox(cast.acme))
    page.sign_in(cast.bo)

    html = page.post(f"{where}/bulk", sent([two[0], other], "resolve"), expect=200, headers=HTMX)

    assert (two[0].status, two[1].status, other.status) == ("resolved", "open", "open")
    assert "1 conversation is changed. 1 is not" in html.text
    assert html.select("#rows") and not html.select(f"#row-{two[0].display_id}")


def test_somebody_is_put_in_charge_where_that_person_works(
    page: Page, cast: Cast, where: str, two: list[Conversation]
) -> None:
    there = make_conversation(make_inbox(cast.acme, members=(cast.cy,)))
    page.sign_in(cast.ada)

    choice = page.post(f"{where}/bulk", sent([*two, there], "assign"), expect=200)
    assert choice.select_one(f"button[value='{cast.bo.id}']")
    page.submit("form.bulk-choice", {"assignee_id": str(cast.bo.id)})

    assert [each.assignee_id for each in (*two, there)] == [cast.bo.id, cast.bo.id, None]
    assert "2 conversations are changed. 1 is not" in page.follow().text
    page.post(f"{where}/bulk", sent(two, "assign", chosen="1", assignee_id="0"))
    assert [each.assignee_id for each in two] == [None, None]


def test_a_label_is_added_to_those_that_are_there(
    page: Page, cast: Cast, where: str, two: list[Conversation]
) -> None:
    page.sign_in(cast.bo)
    page.post(f"{where}/bulk", sent(two[:1], "label", chosen="1", new_label="vip"))
    choice = page.post(f"{where}/bulk", sent(two, "label"), expect=200, headers=HTMX)
    assert choice.select_one("button[name=label]")["value"] == "vip"

    page.post(f"{where}/bulk", sent(two, "label", chosen="1", label="late"))

    assert [each.labels for each in two] == [["vip", "late"], ["late"]]
    page.post(f"{where}/bulk", sent(two, "label", chosen="1"), expect=422)


def test_a_snooze_is_for_all(page: Page, cast: Cast, where: str, two: list[Conversation]) -> None:
    page.sign_in(cast.bo)
    page.post(f"{where}/bulk", sent(two, "snooze"), expect=200)
    page.submit("form.bulk-choice", {"until": "tomorrow"})

    assert [each.status for each in two] == ["snoozed", "snoozed"]
    assert all(each.snoozed_until for each in two)
    page.post(f"{where}/bulk", sent(two, "snooze", chosen="1", until="at", at="2020-01-01T10:00"), expect=422)


@pytest.mark.parametrize("pick", [["x"], ["1" * 40], ["1"] * 501])
def test_nonsense_is_refused(page: Page, cast: Cast, where: str, pick: list[str]) -> None:
    page.sign_in(cast.bo)
    page.post(f"{where}/bulk", {"pick": pick, "do": "resolve", "status": "snoozed"}, expect=422)


def test_the_conversation_that_is_open_follows(
    page: Page, cast: Cast, where: str, two: list[Conversation]
) -> None:
    page.sign_in(cast.bo)
    headers = {**HTMX, "HX-Current-URL": f"http://localhost{where}/{two[0].display_id}"}

    html: BeautifulSoup = page.post(
        f"{where}/bulk", sent(two, "resolve", after="0"), expect=200, headers=headers
    )

    assert "Reopen" in html.select_one(f"#head-{two[0].display_id}").text
    assert "marked resolved by Bo Agent" in html.text


def test_the_unattended_are_a_view_of_their_own(page: Page, cast: Cast, where: str) -> None:
    waiting, answered = make_conversation(cast.inbox), make_conversation(cast.inbox)
    answered.first_reply_created_at = answered.created_at
    db.session.commit()
    page.sign_in(cast.bo)

    html = page.get(f"{where}?only=unattended")

    assert [row["data-conversation"] for row in html.select(".row")] == [str(waiting.display_id)]
    assert html.select_one("#list-title").text.strip() == "Unattended"
