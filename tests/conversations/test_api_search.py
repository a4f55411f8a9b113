"""Search over the API, in upstream's shapes."""

from typing import Any

import pytest

from dashboard.conversations.models import Conversation
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message

Client = Any


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/search"


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Grace Hopper"))


def test_everything_is_searched_at_once(
    api: Client, cast: Cast, path: str, conversation: Conversation
) -> None:
    message = make_message(conversation, "Call me Grace")

    found = api(cast.bo).get(f"{path}?q=grace")["payload"]

    assert [each["id"] for each in found["messages"]] == [message.id]
    assert found["messages"][0]["conversation_id"] == conversation.display_id
    assert found["messages"][0]["inbox"]["name"] == cast.inbox.name
    assert [each["name"] for each in found["contacts"]] == ["Grace Hopper"]
    assert found["articles"] == []
    [hit] = found["conversations"]
    assert hit["id"] == conversation.display_id
    assert hit["message"]["id"] == message.id
    assert hit["contact"]["name"] == "Grace Hopper"
    assert hit["inbox"] == {
        "id": cast.inbox.id,
        "channel_id": cast.inbox.id,
        "name": cast.inbox.name,
        "channel_type": "Channel::Api",
    }
    assert hit["agent"] is None


def test_each_kind_has_its_own_door_and_pages(
    api: Client, cast: Cast, path: str, conversation: Conversation
) -> None:
    ids = [make_message(conversation, f"Parcel {number}").id for number in range(17)]

    first = api(cast.bo).get(f"{path}/messages?q=parcel")["payload"]["messages"]
    second = api(cast.bo).get(f"{path}/messages?q=parcel&page=2")["payload"]["messages"]
    beyond = api(cast.bo).get(f"{path}/messages?q=parcel&page=99999999")["payload"]["messages"]
    by_number = api(cast.bo).get(f"{path}/conversations?q={conversation.display_id}")["payload"]
    contacts = api(cast.bo).get(f"{path}/contacts?q=hopper")["payload"]["contacts"]

    assert [each["id"] for each in first + second] == ids[::-1]
    assert beyond == []
    assert [each["id"] for each in by_number["conversations"]] == [conversation.display_id]
    assert [each["id"] for each in contacts] == [conversation.contact_id]


def test_nobody_finds_what_is_in_inboxes_of_others(
    api: Client, cast: Cast, path: str, conversation: Conversation
) -> None:
    make_message(conversation, "Secret parcel")

    found = api(cast.cy).get(f"{path}?q=grace")["payload"]

    assert found["conversations"] == []
    assert api(cast.cy).get(f"{path}/messages?q=secret")["payload"]["messages"] == []


@pytest.mark.parametrize("kind", ["", "/conversations", "/contacts", "/messages", "/articles"])
def test_a_search_for_nothing_is_refused(api: Client, cast: Cast, path: str, kind: str) -> None:
    answer = api(cast.bo).get(f"{path}{kind}?q=%20", expect=422)

    assert answer == {"error": "Specify search string with parameter q"}


def test_the_list_finds_by_what_was_said_whatever_the_status(api: Client, cast: Cast) -> None:
    said = make_conversation(cast.inbox, status="resolved")
    make_message(said, "The jacket is too small")
    make_message(make_conversation(cast.inbox), "All is well")
    make_message(make_conversation(make_inbox(cast.acme)), "Another jacket")

    data = api(cast.bo).get(f"/api/v1/accounts/{cast.acme.id}/conversations?q=Jack")["data"]

    assert [each["id"] for each in data["payload"]] == [said.display_id]
    assert data["meta"]["all_count"] == 1
