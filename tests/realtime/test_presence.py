"""Who counts as there: whoever was seen lately, and who says that they always are."""

import time

import pytest

from dashboard.accounts.models import Membership
from dashboard.accounts.operations.agents import change_agent
from dashboard.accounts.queries import member_of
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.realtime import presence as presences
from dashboard.realtime.presence import presence
from tests.support.cast import Cast
from tests.support.factories import make_conversation
from tests.support.factories import make_message


@pytest.fixture
def later(monkeypatch):
    """`later(21)`: so many seconds have passed."""
    passed = [0.0]
    monotonic = time.monotonic
    monkeypatch.setattr(presences.time, "monotonic", lambda: monotonic() + passed[0])

    def pass_by(seconds: float) -> None:
        passed[0] += seconds

    return pass_by


def here(cast: Cast, *users: int, contacts: tuple[int, ...] = ()) -> None:
    presence.hear({"account": cast.acme.id, "users": users, "contacts": contacts})


def member(cast: Cast, name: str) -> Membership:
    return member_of(cast.acme.id, getattr(cast, name).id)


def test_people_are_there_for_twenty_seconds_and_contacts_for_ninety(cast: Cast, later):
    conversation = make_conversation(cast.inbox)
    here(cast, cast.bo.id, contacts=(conversation.contact_id,))

    assert presence.users_of(cast.acme.id) == {cast.bo.id: "online"}
    later(19)
    assert presence.user_status(cast.acme.id, cast.bo.id) == "online"
    later(4)
    assert presence.user_status(cast.acme.id, cast.bo.id) == "offline"
    assert presence.users_of(cast.acme.id) == {}
    assert presence.contacts_of(cast.acme.id) == {conversation.contact_id}
    later(66)
    assert presence.contact_status(cast.acme.id, conversation.contact_id) == "online"
    later(5)
    assert presence.contacts_of(cast.acme.id) == set()


def test_what_somebody_has_set_is_told_while_they_are_there(cast: Cast):
    here(cast, cast.bo.id)
    change_agent(member(cast, "bo"), availability="busy", actor=cast.ada)

    assert presence.users_of(cast.acme.id) == {cast.bo.id: "busy"}
    assert presence.user_status(cast.acme.id, cast.bo.id) == "busy"


def test_who_does_not_go_offline_by_themselves_is_always_there(cast: Cast):
    change_agent(member(cast, "cy"), auto_offline=False, actor=cast.ada)

    assert presence.users_of(cast.acme.id) == {cast.cy.id: "online"}


def test_nobody_is_there_for_another_account(cast: Cast):
    here(cast, cast.bo.id)

    assert presence.users_of(cast.other.id) == {}
    assert presence.user_status(cast.other.id, cast.bo.id) == "offline"


def test_the_api_says_who_is_there(cast: Cast, api):
    conversation: Conversation = make_conversation(cast.inbox, assignee_id=cast.bo.id)
    make_message(conversation, message_type="outgoing", sender_user_id=cast.bo.id)
    path = f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation.display_id}"
    here(cast, cast.bo.id, contacts=(conversation.contact_id,))

    shown = api(cast.ada).get(path)

    assert shown["meta"]["assignee"]["availability_status"] == "online"
    assert shown["meta"]["sender"]["availability_status"] == "online"
    assert shown["messages"][0]["sender"]["availability_status"] == "online"
    presence.forget()
    db.session.expire_all()
    assert api(cast.ada).get(path)["meta"]["assignee"]["availability_status"] == "offline"
