"""Contacts over the API, in upstream's shapes."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.queries import counted

Client = Any


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/contacts"


@pytest.fixture
def bo(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.bo)


def test_a_contact_is_made_with_its_session(bo: Client, path: str, cast: Cast) -> None:
    answer = bo.post(
        path,
        {
            "inbox_id": str(cast.inbox.id),
            "source_id": 4711,
            "name": "Zoe",
            "email": "Zoe@Herald.example",
            "phone_number": "+14155550100",
            "identifier": 77,
            "custom_attributes": {"plan": "gold"},
            "additional_attributes": {"city": "Ulm"},
            "unknown": "dropped",
        },
    )

    contact = db.session.get_one(Contact, answer["id"])
    slim = {
        "id": cast.inbox.id,
        "avatar_url": "",
        "channel_id": cast.inbox.id,
        "name": cast.inbox.name,
        "channel_type": "Channel::Api",
        "provider": None,
    }
    assert answer["payload"]["contact"] == {
        "id": contact.id,
        "name": "Zoe",
        "email": "zoe@herald.example",
        "phone_number": "+14155550100",
        "identifier": "77",
        "thumbnail": "",
        "blocked": False,
        "availability_status": "offline",
        "additional_attributes": {"city": "Ulm"},
        "custom_attributes": {"plan": "gold"},
        "created_at": clock.epoch(contact.created_at),
        "contact_inboxes": [{"source_id": "4711", "inbox": slim}],
    }
    session = answer["payload"]["contact_inbox"]
    assert session["source_id"] == "4711"
    assert session["inbox"].items() >= {**slim, "account_id": cast.acme.id, "timezone": "UTC"}.items()
    assert not {"hmac_token", "secret"} & set(session["inbox"])


def test_the_answer_has_what_the_guide_prints_too(bo: Client, path: str, cast: Cast) -> None:
    answer = bo.post(path, {"inbox_id": cast.inbox.id, "name": "Zoe"})

    assert answer["name"] == "Zoe"
    assert {
        "email",
        "phone_number",
        "thumbnail",
        "additional_attributes",
        "id",
        "availability_status",
    } <= set(answer)
    (session,) = answer["contact_inboxes"]
    assert len(session["source_id"]) == 36
    assert {"website_url", "widget_color", "greeting_enabled", "enable_auto_assignment"} <= set(
        session["inbox"]
    )
    assert "pubsub_token" not in str(answer)


def test_a_contact_without_an_inbox_has_no_session(bo: Client, path: str) -> None:
    answer = bo.post(path, {"name": "Zoe"})

    assert answer["payload"]["contact_inbox"] == {"inbox": None, "source_id": None}
    assert answer["payload"]["contact"]["email"] is None


def test_everything_that_cannot_be_used_is_named_at_once(bo: Client, path: str) -> None:
    answer = bo.post(path, {"email": "nobody", "phone_number": "030 1234"}, expect=422)

    assert answer["message"] == "Email Invalid email, Phone number should be in e164 format"
    assert answer["attributes"] == ["email", "phone_number"]


@pytest.mark.parametrize(
    ("sent", "message", "attribute"),
    [
        ({"email": "nobody"}, "Email Invalid email", "email"),
        ({"phone_number": "030 1234"}, "Phone number should be in e164 format", "phone_number"),
        ({"phone_number": "+0123"}, "Phone number should be in e164 format", "phone_number"),
        ({"name": "x" * 256}, "Name is too long (maximum is 255 characters)", "name"),
        ({"email": "taken@x.example"}, "Email has already been taken", "email"),
        ({"email": "TAKEN@x.example"}, "Email has already been taken", "email"),
        ({"phone_number": "+4917000"}, "Phone number has already been taken", "phone_number"),
        ({"identifier": "taken"}, "Identifier has already been taken", "identifier"),
        ({"custom_attributes": [1]}, "Custom attributes is invalid", "custom_attributes"),
        ({"blocked": "perhaps"}, "Blocked is invalid", "blocked"),
    ],
)
@pytest.mark.database
def test_what_cannot_be_used_is_named(
    bo: Client, path: str, cast: Cast, sent: dict[str, Any], message: str, attribute: str
) -> None:
    make_contact(cast.acme, email="taken@x.example", phone_number="+4917000", identifier="taken")
    make_contact(cast.other, email="nobody@x.example")
    mine = make_contact(cast.acme)

    for answer in (bo.post(path, sent, expect=422), bo.patch(f"{path}/{mine.id}", sent, expect=422)):
        assert (answer["message"], answer["attributes"]) == (message, [attribute])
        assert answer["errors"][0]["pointer"] == f"/{attribute}"


def test_another_account_may_have_the_same_e_mail(bo: Client, path: str, cast: Cast) -> None:
    make_contact(cast.other, email="zoe@herald.example")

    bo.post(path, {"email": "zoe@herald.example"})


def test_an_inbox_that_one_does_not_work_in_is_refused(bo: Client, path: str, cast: Cast) -> None:
    elsewhere = make_inbox(cast.acme)

    bo.post(path, {"name": "Zoe", "inbox_id": elsewhere.id}, expect=401)
    bo.post(path, {"name": "Zoe", "inbox_id": 987_654}, expect=404)
    assert db.session.query(Contact).count() == 0


def test_changing_merges_attributes_one_level_deep(bo: Client, path: str, cast: Cast) -> None:
    contact = make_contact(
        cast.acme,
        custom_attributes={"plan": "gold", "deep": {"a": 1}},
        additional_attributes={"city": "Ulm"},
    )

    for method in (bo.put, bo.patch):
        answer = method(
            f"{path}/{contact.id}",
            {
                "name": "New",
                "email": "",
                "custom_attributes": {"seats": 5, "deep": {"b": 2}},
                "additional_attributes": {"country": "Germany"},
            },
        )["payload"]
        assert (answer["name"], answer["email"]) == ("New", None)
        assert answer["custom_attributes"] == {"plan": "gold", "seats": 5, "deep": {"b": 2}}
        assert answer["additional_attributes"] == {"city": "Ulm", "country": "Germany"}


def test_custom_attributes_are_taken_away_by_name(bo: Client, path: str, cast: Cast) -> None:
    contact = make_contact(cast.acme, custom_attributes={"plan": "gold", "seats": 5})

    answer = bo.post(f"{path}/{contact.id}/destroy_custom_attributes", {"custom_attributes": ["plan", "?"]})

    assert answer["payload"]["custom_attributes"] == {"seats": 5}


def test_a_contact_is_shown_with_and_without_its_sessions(bo: Client, path: str, cast: Cast) -> None:
    contact = make_contact(cast.acme, last_activity_at=clock.now())
    make_contact_inbox(contact, cast.inbox, source_id="s1")

    shown = bo.get(f"{path}/{contact.id}")["payload"]
    assert [session["source_id"] for session in shown["contact_inboxes"]] == ["s1"]
    assert isinstance(shown["last_activity_at"], int)
    assert "contact_inboxes" not in bo.get(f"{path}/{contact.id}?include_contact_inboxes=false")["payload"]
    assert "contact_inboxes" in bo.get(f"{path}/{contact.id}?include_contact_inboxes=0")["payload"]


def test_sessions_are_shown_to_those_who_work_in_the_inbox(
    api: Callable[..., Client], path: str, cast: Cast
) -> None:
    contact = make_contact(cast.acme)
    make_contact_inbox(contact, cast.inbox, source_id="like-a-password")

    for member, number in ((cast.ada, 1), (cast.bo, 1), (cast.cy, 0)):
        shown = api(member).get(f"{path}/{contact.id}")["payload"]
        listed = api(member).get(f"{path}/search?q={contact.name}")["payload"][0]
        assert len(shown["contact_inboxes"]) == len(listed["contact_inboxes"]) == number


def test_only_administrators_delete(api: Callable[..., Client], bo: Client, path: str, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    contact_id = conversation.contact_id

    bo.delete(f"{path}/{contact_id}", expect=401)
    assert api(cast.ada).delete(f"{path}/{contact_id}") is None
    bo.get(f"{path}/{contact_id}", expect=404)
    assert db.session.query(Conversation).count() == 0


def test_the_list_has_pages_of_fifteen_and_leaves_the_anonymous_out(
    bo: Client, path: str, cast: Cast
) -> None:
    for number in range(17):
        make_contact(cast.acme, name=f"Person {number:02}")
    make_contact(cast.acme, name="Anonymous", email=None)

    first = bo.get(f"{path}?sort=name")
    assert first["meta"] == {"count": 17, "current_page": 1}
    assert [contact["name"] for contact in first["payload"]][:2] == ["Person 00", "Person 01"]
    assert len(first["payload"]) == 15
    second = bo.get(f"{path}?sort=-name&page=2")
    assert [contact["name"] for contact in second["payload"]] == ["Person 01", "Person 00"]
    assert bo.get(f"{path}?page=x&sort=nonsense")["meta"]["current_page"] == 1
    assert bo.get(f"{path}?page=999999999999999999999999")["payload"] == []
    assert bo.get(f"{path}?labels[]=vip") == {"meta": {"count": 0, "current_page": 1}, "payload": []}


def test_search_says_whether_there_is_more(bo: Client, path: str, cast: Cast) -> None:
    for number in range(16):
        make_contact(cast.acme, name=f"Person {number:02}", email=None)

    answer = bo.get(f"{path}/search?q=person")

    assert answer["meta"] == {"count": 15, "current_page": 1, "has_more": True}
    assert len(answer["payload"]) == 15
    last = bo.get(f"{path}/search?q=person&page=2")
    assert last["meta"] == {"count": 1, "current_page": 2, "has_more": False}


def test_a_search_for_nothing_is_refused(bo: Client, path: str) -> None:
    for q in ("", "?q=", "?q=%20"):
        assert bo.get(f"{path}/search{q}", expect=422) == {"error": "Specify search string with parameter q"}


def clause(key: str, operator: str, *values: Any, joint: str | None = None) -> dict[str, Any]:
    return {
        "attribute_key": key,
        "filter_operator": operator,
        "values": list(values),
        "query_operator": joint,
    }


@pytest.mark.parametrize(
    ("clauses", "found"),
    [
        ([clause("name", "equal_to", "ZOE")], ["Zoe"]),
        ([clause("name", "not_equal_to", "zoe")], ["Frank", "Peter"]),
        ([clause("email", "contains", "HERALD")], ["Zoe"]),
        ([clause("email", "does_not_contain", "herald")], ["Frank", "Peter"]),
        ([clause("name", "contains", "%")], []),
        ([clause("phone_number", "starts_with", "+1")], ["Frank"]),
        ([clause("city", "equal_to", "Ulm", "washington")], ["Frank", "Zoe"]),
        ([clause("blocked", "equal_to", "true")], ["Peter"]),
        ([clause("blocked", "equal_to", False)], ["Frank", "Zoe"]),
        ([clause("labels", "is_not_present")], ["Frank", "Peter", "Zoe"]),
        ([clause("labels", "equal_to", "vip")], []),
        ([clause("created_at", "is_greater_than", "2020-01-01")], ["Frank", "Peter", "Zoe"]),
        ([clause("created_at", "is_less_than", "2020-01-01T00:00:00Z")], []),
        ([clause("last_activity_at", "days_before", "3")], ["Zoe"]),
        (
            [clause("name", "equal_to", "zoe", joint="or"), clause("city", "equal_to", "Washington")],
            ["Frank", "Zoe"],
        ),
        (
            [
                clause("name", "equal_to", "zoe", joint="OR"),
                clause("name", "equal_to", "frank", joint="AND"),
                clause("city", "equal_to", "ulm"),
            ],
            ["Zoe"],
        ),
    ],
)
@pytest.mark.database
def test_filters_find(
    bo: Client, path: str, cast: Cast, clauses: list[dict[str, Any]], found: list[str]
) -> None:
    long_ago = clock.from_epoch(clock.now().timestamp() - 10 * 86_400)
    make_contact(
        cast.acme,
        name="Zoe",
        email="zoe@herald.example",
        additional_attributes={"city": "Ulm"},
        last_activity_at=long_ago,
    )
    make_contact(
        cast.acme,
        name="Frank",
        email=None,
        phone_number="+1415",
        additional_attributes={"city": "Washington"},
    )
    make_contact(cast.acme, name="Peter", blocked=True, last_activity_at=clock.now())

    answer = bo.post(f"{path}/filter?sort=name", {"payload": clauses})

    assert [contact["name"] for contact in answer["payload"]] == found
    assert answer["meta"] == {"count": len(found), "current_page": 1}


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (
            [clause("shoe_size", "equal_to", 1)],
            "Invalid attribute key - [shoe_size]. The key should be one of [name,",
        ),
        (
            [clause("name", "is_greater_than", 1)],
            "Invalid operator. The allowed operators for name are [equal_to,",
        ),
        (
            [clause("name", "equal_to", "a"), clause("name", "equal_to", "b")],
            'Query operator must be either "AND" or "OR".',
        ),
        (
            [clause("created_at", "is_less_than", "soon")],
            "Invalid value. The values provided for created_at are invalid",
        ),
        (
            [clause("blocked", "equal_to", "maybe")],
            "Invalid value. The values provided for blocked are invalid",
        ),
        ([clause("name", "equal_to")], "Invalid value. The values provided for name are invalid"),
        (
            [clause("last_activity_at", "days_before", 10**12)],
            "Invalid value. The values provided for last_activity_at are invalid",
        ),
        (
            [clause("created_at", "is_less_than", "0001-01-01T00:00:00+14:00")],
            "Invalid value. The values provided for created_at are invalid",
        ),
        ([], "The filter must have 1 to 50 clauses"),
        (None, "Invalid value. The values provided for payload are invalid"),
        ([[]], "Invalid value. The values provided for payload are invalid"),
    ],
)
def test_a_filter_that_cannot_be_understood_says_why(bo: Client, path: str, payload: Any, words: str) -> None:
    answer = bo.post(f"{path}/filter", {"payload": payload}, expect=422)

    assert answer["error"].startswith(words)


def test_a_session_is_found_or_opened(bo: Client, path: str, cast: Cast) -> None:
    contact = make_contact(cast.acme)
    sessions = f"{path}/{contact.id}/contact_inboxes"

    opened = bo.post(sessions, {"inbox_id": cast.inbox.id})
    assert bo.post(sessions, {"inbox_id": cast.inbox.id}) == opened
    named = bo.post(sessions, {"inbox_id": cast.inbox.id, "source_id": "crm-1", "hmac_verified": True})
    assert named["source_id"] == "crm-1"
    other = make_contact(cast.acme)
    refused = bo.post(
        f"{path}/{other.id}/contact_inboxes",
        {"inbox_id": cast.inbox.id, "source_id": "crm-1"},
        expect=422,
    )
    assert refused == {"error": "source_id should be unique"}


def test_the_conversations_of_a_contact_are_those_that_one_may_see(
    api: Callable[..., Client], bo: Client, path: str, cast: Cast
) -> None:
    contact = make_contact(cast.acme)
    mine = make_conversation(cast.inbox, contact=contact)
    make_conversation(make_inbox(cast.acme), contact=contact)

    shown = bo.get(f"{path}/{contact.id}/conversations")["payload"]
    assert [conversation["id"] for conversation in shown] == [mine.display_id]
    assert len(api(cast.ada).get(f"{path}/{contact.id}/conversations")["payload"]) == 2


def test_a_list_asks_as_often_for_many_as_for_few(bo: Client, path: str, cast: Cast) -> None:
    def ask() -> int:
        with counted() as queries:
            bo.get(path)
        return queries.number

    make_contact_inbox(make_contact(cast.acme), cast.inbox)
    few = ask()
    for _ in range(10):
        make_contact_inbox(make_contact(cast.acme), cast.inbox)

    assert ask() == few <= 4
