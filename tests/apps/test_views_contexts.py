"""What a page gets for an app of its own: the cut context, for whoever sees app and conversation."""

import json
from typing import Any

import pytest

from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.introspection import introspect
from tests.support.cast import Cast
from tests.support.contexts import unpacked
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.page import Page
from tests.support.queries import counted


def path_of(app: DashboardApp, what: str = "context", conversation: Any = "") -> str:
    return f"/accounts/{app.account_id}/apps/{app.id}/{what}?conversation={conversation}"


def answer(page: Page, path: str) -> dict[str, Any]:
    page.get(path)
    assert page.response.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = page.response.get_json()
    return told


@pytest.mark.parametrize("what", ["context", "welcome"])
def test_the_doors_ask_who_is_there(page: Page, cast: Cast, what: str) -> None:
    app = make_app(cast.acme)

    page.get(path_of(app, what), expect=302)
    page.sign_in(cast.eve)
    page.get(path_of(app, what), expect=404)
    page.sign_in(cast.cy)
    page.get(f"/accounts/{cast.acme.id}/apps/{make_app(cast.other).id}/{what}", expect=404)
    page.get(path_of(app, what))


def test_with_the_usual_scopes_it_is_what_stands_in_the_page(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, assignee_id=cast.bo.id)
    make_messages(conversation, 25)
    make_message(conversation, "Hush", message_type="outgoing", private=True)
    app = make_app(cast.acme)
    page.sign_in(cast.bo)

    told = answer(page, path_of(app, conversation=conversation.display_id))

    html = page.get(f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}")
    block = html.select_one("#app-context")
    assert block is not None
    in_page = unpacked(block.get_text())
    told["data"]["theme"] = in_page["data"]["theme"]
    assert told == in_page


def test_welcome_says_what_was_granted(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria"))
    app = make_app(cast.acme, scopes=["contact.basic"], actions=["toast"])
    page.sign_in(cast.bo)

    told = answer(page, path_of(app, "welcome", conversation.display_id))

    assert told["app"]["title"] == "Orders"
    assert told["granted"]["scopes"] == ["contact.basic"]
    assert told["granted"]["actions"] == ["toast"]
    assert told["granted"]["limits"]["message_bytes"] == 65_536
    assert told["key"] == str(conversation.display_id)
    assert told["data"]["contact"]["name"] == "Maria"
    assert "email" not in json.dumps(told)


def test_where_no_conversation_is_open_the_context_is_empty(page: Page, cast: Cast) -> None:
    page.sign_in(cast.bo)

    told = answer(page, path_of(make_app(cast.acme)))

    assert (told["key"], told["data"]["conversation"], told["data"]["contact"]) == ("", {}, {})


def test_notes_are_told_to_whom_they_were_granted(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    make_message(conversation, "Hush", message_type="outgoing", private=True)
    page.sign_in(cast.bo)

    for scopes, is_told in (([*USUAL_SCOPES], False), ([*USUAL_SCOPES, "notes"], True), (["notes"], True)):
        app = make_app(cast.acme, scopes=scopes)
        written = json.dumps(answer(page, path_of(app, conversation=conversation.display_id)))
        assert ("Hush" in written) == is_told


def test_a_conversation_of_others_is_told_to_nobody(page: Page, cast: Cast) -> None:
    hidden = make_conversation(make_inbox(cast.acme, name="Elsewhere"))
    app = make_app(cast.acme)
    page.sign_in(cast.bo)

    for what in ("context", "welcome"):
        page.get(path_of(app, what, hidden.display_id), expect=404)
        page.get(path_of(app, what, 999), expect=404)


@pytest.mark.parametrize("what", ["context", "welcome"])
def test_who_does_not_see_the_app_is_told_nothing(page: Page, cast: Cast, what: str) -> None:
    page.sign_in(cast.bo)

    for closed in ({"state": "paused"}, {"state": "draft"}, {"visibility": {"agent_ids": [cast.cy.id]}}):
        page.get(path_of(make_app(cast.acme, **closed), what), expect=404)


def test_a_context_costs_the_same_however_long_the_thread(page: Page, cast: Cast) -> None:
    short, long = make_conversation(cast.inbox), make_conversation(cast.inbox)
    make_messages(short, 2, sender_user_id=cast.bo.id, message_type="outgoing")
    make_messages(long, 40, sender_user_id=cast.bo.id, message_type="outgoing")
    app = make_app(cast.acme, scopes=["messages", "notes"])
    paths = [path_of(app, conversation=each.display_id) for each in (short, long)]
    page.sign_in(cast.bo)
    for path in paths:
        answer(page, path)  # the first of a day is noted in the ledger

    with counted() as few:
        answer(page, paths[0])
    with counted() as many:
        answer(page, paths[1])

    assert many.number == few.number <= 5


def test_an_app_that_cannot_ask_for_a_token_finds_it_in_its_context(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    app = make_app(cast.acme, format="chatwoot", actions=["token.get"])
    page.sign_in(cast.bo)

    (told,) = answer(page, f"/accounts/{cast.acme.id}/apps")
    data = answer(page, path_of(app, conversation=conversation.display_id))["data"]

    assert (told["context_url"], told["signed"]) == (f"/accounts/{cast.acme.id}/apps/{app.id}/context", True)
    says = introspect(data["meta"]["token"])
    assert (says["active"], says["kind"], says["sub"]) == (True, "context", f"agent:{cast.bo.id}")
    assert says["conv"]["id"] == conversation.display_id


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "chatwoot"},
        {"format": "auto", "actions": ["token.get"]},
        {"format": "native", "actions": ["token.get"]},
    ],
)
def test_no_token_stands_where_it_was_not_granted_or_can_be_asked_for(
    page: Page, cast: Cast, fields: dict[str, Any]
) -> None:
    app = make_app(cast.acme, **fields)
    page.sign_in(cast.bo)

    (told,) = answer(page, f"/accounts/{cast.acme.id}/apps")

    assert told.keys().isdisjoint({"context_url", "signed"})
    assert answer(page, path_of(app))["data"]["meta"] == {"v": 1}
