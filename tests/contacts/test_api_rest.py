"""Notes, merging, sessions and who is online, by API."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.contacts.models import Contact
from dashboard.extensions import db
from dashboard.realtime.presence import presence
from dashboard.realtime.rooms import Guest
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox

Api = Callable[..., Any]


@pytest.fixture
def maria(cast: Cast) -> Contact:
    return make_contact(cast.acme, name="Maria Silva")


def account(cast: Cast, rest: str) -> str:
    return f"/api/v1/accounts/{cast.acme.id}{rest}"


def test_a_note_lives_from_its_writing_to_its_end(api: Api, cast: Cast, maria: Contact) -> None:
    notes = account(cast, f"/contacts/{maria.id}/notes")
    first = api(cast.bo).post(notes, {"note": {"content": " Calls in the morning. "}})
    second = api(cast.ada).post(notes, {"content": "VIP"})

    assert set(first) == {"id", "content", "account_id", "contact_id", "user", "created_at", "updated_at"}
    assert (first["content"], first["contact_id"]) == ("Calls in the morning.", maria.id)
    assert (first["user"]["id"], first["user"]["role"]) == (cast.bo.id, "agent")
    assert [note["id"] for note in api(cast.cy).get(notes)] == [second["id"], first["id"]]
    changed = api(cast.cy).patch(f"{notes}/{first['id']}", {"note": {"content": "Calls at noon."}})
    assert changed["content"] == "Calls at noon."
    assert api(cast.bo).get(f"{notes}/{first['id']}") == changed
    api(cast.bo).delete(f"{notes}/{first['id']}")
    api(cast.bo).get(f"{notes}/{first['id']}", expect=404)
    for content in ("", None, "x" * 20_001):
        api(cast.bo).post(notes, {"note": {"content": content}}, expect=422)


def test_a_note_is_found_under_its_own_contact_only(api: Api, cast: Cast, maria: Contact) -> None:
    note = api(cast.bo).post(account(cast, f"/contacts/{maria.id}/notes"), {"content": "VIP"})
    other = make_contact(cast.acme)

    api(cast.bo).get(account(cast, f"/contacts/{other.id}/notes/{note['id']}"), expect=404)


def test_two_contacts_become_one(api: Api, cast: Cast, maria: Contact) -> None:
    other = make_contact(cast.acme, name="M. Silva", phone_number="+351912345678")
    conversation = make_conversation(cast.inbox, contact=other)
    merge, other_id = account(cast, "/actions/contact_merge"), other.id

    answer = api(cast.bo).post(merge, {"base_contact_id": maria.id, "mergee_contact_id": other_id})

    assert (answer["id"], answer["name"], answer["phone_number"]) == (
        maria.id,
        "Maria Silva",
        "+351912345678",
    )
    db.session.expire_all()
    assert conversation.contact_id == maria.id
    api(cast.bo).get(account(cast, f"/contacts/{other_id}"), expect=404)
    same = api(cast.bo).post(merge, {"base_contact_id": maria.id, "mergee_contact_id": maria.id})
    assert same["id"] == maria.id
    stranger = make_contact(cast.other)
    body = {"base_contact_id": maria.id, "mergee_contact_id": stranger.id}
    api(cast.bo).post(merge, body, expect=404)
    api(cast.bo).post(merge, {"base_contact_id": maria.id}, expect=422)


def test_a_contact_can_be_written_to_where_the_agent_works(api: Api, cast: Cast, maria: Contact) -> None:
    make_inbox(cast.acme, name="Shop")
    path = account(cast, f"/contacts/{maria.id}/contactable_inboxes")

    new = api(cast.bo).get(path)["payload"]
    assert [(each["inbox"]["name"], len(each["source_id"])) for each in new] == [("Website", 36)]
    make_contact_inbox(maria, cast.inbox, source_id="maria-1")
    assert api(cast.bo).get(path)["payload"][0]["source_id"] == "maria-1"
    assert len(api(cast.ada).get(path)["payload"]) == 2


def test_a_session_leads_to_its_contact(api: Api, cast: Cast, maria: Contact) -> None:
    make_contact_inbox(maria, cast.inbox, source_id="maria-1")
    path, given = (
        account(cast, "/contact_inboxes/filter"),
        {"inbox_id": cast.inbox.id, "source_id": "maria-1"},
    )

    found = api(cast.bo).post(path, given)
    assert (found["id"], found["contact_inboxes"][0]["source_id"]) == (maria.id, "maria-1")
    api(cast.bo).post(path, {**given, "source_id": "nobody"}, expect=404)
    api(cast.cy).post(path, given, expect=401)


def test_who_is_online_is_listed_and_not_deleted(
    api: Api, cast: Cast, maria: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_contact(cast.acme)
    monkeypatch.setattr(presence, "contacts", {})
    assert api(cast.bo).get(account(cast, "/contacts/active"))["payload"] == []
    presence.see(Guest(account_id=cast.acme.id, rooms=frozenset(), contact_id=maria.id))

    found = api(cast.bo).get(account(cast, "/contacts/active"))
    assert [(each["id"], each["availability_status"]) for each in found["payload"]] == [(maria.id, "online")]
    answer = api(cast.ada).delete(account(cast, f"/contacts/{maria.id}"), expect=422)
    assert answer == {"message": "Contact Maria Silva is online, please try again later"}
