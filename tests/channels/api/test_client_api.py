"""The client API: a customer's own program has the inbox's identifier and its source id, and no more."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.models import User
from dashboard.channels.api.operations import merged
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from dashboard.lib.signatures import identity_hash
from dashboard.lib.sizes import LARGEST
from dashboard.queue.models import Job
from dashboard.queue.operations import CROWD
from tests.support.apps import ApiClient
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.queries import counted
from tests.support.redis import RedisServer

UNKNOWN = {"error": "Resource could not be found"}
SESSION_KEYS = {"source_id", "pubsub_token", "id", "name", "email", "phone_number"}


class Customer:
    """A customer's program: it asks below its inbox, without a token."""

    def __init__(self, app: Flask, inbox: Inbox) -> None:
        self.client = ApiClient(app)
        self.home = f"/public/api/v1/inboxes/{inbox.identifier}"
        self.source_id = ""

    def arrive(self, expect: int = 200, **about: Any) -> Any:
        session = self.client.post(f"{self.home}/contacts", about, expect=expect)
        self.source_id = session.get("source_id", "")
        return session

    @property
    def me(self) -> str:
        return f"{self.home}/contacts/{self.source_id}"

    def ask(self, method: str, path: str = "", body: Any = None, expect: int = 200) -> Any:
        return self.client.send(method, self.me + path, body, expect=expect)


@pytest.fixture
def customer(app: Flask, cast: Cast) -> Customer:
    return Customer(app, cast.inbox)


def test_the_inbox_shows_itself_without_its_secrets(customer: Customer, cast: Cast) -> None:
    found = customer.client.get(customer.home)

    assert found["identifier"] == cast.inbox.identifier
    assert (found["name"], found["identity_validation_enabled"]) == ("Website", False)
    assert len(found["working_hours"]) == 7
    told = json.dumps(found)
    assert cast.inbox.hmac_token not in told and cast.inbox.secret not in told and "id" not in found


def test_a_customer_arrives_writes_and_reads_the_answer(
    customer: Customer, cast: Cast, api: Callable[..., Any]
) -> None:
    session = customer.arrive(name="Zoe", email="Zoe@Example.com")
    assert set(session) == SESSION_KEYS
    assert (session["name"], session["email"]) == ("Zoe", "zoe@example.com")

    conversation = customer.ask("POST", "/conversations", {"custom_attributes": {"order": "17"}})
    messages = f"/conversations/{conversation['id']}/messages"
    written = customer.ask("POST", messages, {"content": "Hello?", "echo_id": "e1"})
    assert (written["content"], written["message_type"]) == ("Hello?", 0)
    assert not {"status", "echo_id", "private"} & set(written)
    assert written["sender"]["type"] == "contact"

    account = f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation['id']}/messages"
    api(cast.bo).post(account, {"content": "Hi Zoe"})
    api(cast.bo).post(account, {"content": "Careful with her", "private": True})

    assert [message["content"] for message in customer.ask("GET", messages)] == ["Hello?", "Hi Zoe"]
    shown = customer.ask("GET", f"/conversations/{conversation['id']}")
    assert [message["message_type"] for message in shown["messages"]] == [0, 1]
    assert "email" not in shown["messages"][1]["sender"]
    assert shown["contact"]["contact_type"] == "lead"
    assert customer.ask("GET", "/conversations")[0] == shown


def test_whoever_says_nothing_gets_a_name(customer: Customer) -> None:
    session = customer.arrive()

    mood, thing, number = session["name"].split("-")
    assert mood.isalpha() and thing.isalpha() and number.isdigit()
    assert customer.ask("GET") == session


def test_a_known_source_id_is_answered_unchanged(customer: Customer) -> None:
    first = customer.arrive(source_id="abc 1", name="Zoe")

    assert customer.arrive(source_id="abc 1", name="Somebody else") == first
    assert first["source_id"] == "abc 1"


@pytest.mark.parametrize("by", ["identifier", "email", "phone_number"])
def test_who_is_known_is_found_and_not_changed(customer: Customer, cast: Cast, by: str) -> None:
    about = {"identifier": "z-1", "email": "zoe@example.com", "phone_number": "+4915112345"}
    contact = make_contact(cast.acme, name="Zoe", **about)

    sent = about[by].upper() if by == "email" else about[by]
    first, second = customer.arrive(**{by: sent}, name="Other"), customer.arrive(**{by: sent})

    assert (first["id"], first["name"]) == (contact.id, "Zoe")
    assert second["id"] == contact.id and second["source_id"] != first["source_id"]


def test_a_contact_of_another_account_is_not_found(customer: Customer, cast: Cast) -> None:
    stranger = make_contact(cast.other, email="zoe@example.com")

    assert customer.arrive(email="zoe@example.com")["id"] != stranger.id


def test_what_cannot_be_used_is_told_in_upstreams_envelope(customer: Customer) -> None:
    answer = customer.arrive(email="no address", expect=422)
    assert (answer["message"], answer["attributes"]) == ("Email Invalid email", ["email"])

    answer = customer.arrive(phone_number="0151", expect=422)
    assert answer["attributes"] == ["phone_number"]


def test_unknown_parts_of_the_address_are_not_found(customer: Customer, cast: Cast) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]
    elsewhere = make_message(make_conversation(cast.inbox))
    here = f"/conversations/{conversation}"

    for path in ("/conversations/9999", f"{here}/messages/9999", f"{here}/messages/{elsewhere.id}"):
        method = "PATCH" if "messages/" in path else "GET"
        assert customer.ask(method, path, {"submitted_values": {}}, expect=404) == UNKNOWN
    for path in (
        customer.home + "x",
        customer.home + "%00",
        f"{customer.home}/contacts/nobody",
        f"{customer.home}/contacts/%00",
        f"/public/api/v1/inboxes/{cast.inbox.id}",
    ):
        assert customer.client.get(path, expect=404) == UNKNOWN


def test_an_inbox_that_is_being_deleted_is_not_found(
    customer: Customer, cast: Cast, api: Callable[..., Any]
) -> None:
    customer.arrive()

    api(cast.ada).delete(f"/api/v1/accounts/{cast.acme.id}/inboxes/{cast.inbox.id}")

    assert customer.ask("GET", expect=404) == UNKNOWN
    assert customer.client.get(customer.home, expect=404) == UNKNOWN


def test_changes_merge_attributes_and_leave_what_is_empty(customer: Customer) -> None:
    customer.arrive(name="Zoe", custom_attributes={"plan": {"name": "Pro", "seats": 3}})

    changed = customer.ask(
        "PATCH", "", {"name": "", "custom_attributes": {"plan": {"seats": 4}, "vip": True}}
    )

    assert changed["name"] == "Zoe"
    assert changed["custom_attributes"] == {"plan": {"name": "Pro", "seats": 4}, "vip": True}
    assert changed["created_at"].endswith("Z")
    assert merged({"a": 1, "b": {"c": 1}}, {"a": {"x": 2}, "b": {"d": 3}}) == {
        "a": {"x": 2},
        "b": {"c": 1, "d": 3},
    }


@pytest.mark.database
def test_a_visitor_who_turns_out_to_be_known_becomes_that_contact(customer: Customer, cast: Cast) -> None:
    known = make_contact(
        cast.acme, name="Zoe", email="zoe@example.com", custom_attributes={"plan": {"name": "Pro"}}
    )
    visitor = customer.arrive(
        phone_number="+4915112345", custom_attributes={"plan": {"name": "?", "seats": 2}}
    )
    conversation = customer.ask("POST", "/conversations")
    customer.ask("POST", f"/conversations/{conversation['id']}/messages", {"content": "It's me"})

    changed = customer.ask("PATCH", "", {"email": "ZOE@example.com"})

    assert (changed["id"], changed["name"], changed["phone_number"]) == (known.id, "Zoe", "+4915112345")
    assert changed["custom_attributes"] == {"plan": {"name": "Pro", "seats": 2}}
    assert customer.ask("GET")["id"] == known.id
    assert customer.ask("GET", "/conversations")[0]["messages"][0]["sender"]["id"] == known.id
    assert db.session.get(Contact, visitor["id"]) is None


def test_a_phone_number_whose_owner_has_another_email_merges_nobody(customer: Customer, cast: Cast) -> None:
    make_contact(cast.acme, email="zoe@example.com", phone_number="+4915112345")
    visitor = customer.arrive()

    changed = customer.ask("PATCH", "", {"email": "yves@example.com", "phone_number": "+4915112345"})

    assert (changed["id"], changed["email"], changed["phone_number"]) == (
        visitor["id"],
        "yves@example.com",
        None,
    )


def test_who_has_an_identifier_takes_over_nobody_by_email(customer: Customer, cast: Cast) -> None:
    make_contact(cast.acme, email="zoe@example.com")
    customer.arrive(identifier="mallory")

    answer = customer.ask("PATCH", "", {"email": "zoe@example.com"}, expect=422)

    assert answer["message"] == "Email has already been taken"


def test_a_proof_opens_everything_of_the_contact(customer: Customer, cast: Cast) -> None:
    other = make_inbox(cast.acme, name="App")
    contact = make_contact(cast.acme, identifier="z-1")
    make_conversation(other, contact=contact)
    proof = {"identifier": "z-1", "identifier_hash": identity_hash(cast.inbox.hmac_token, "z-1")}
    customer.arrive(**proof)
    assert customer.ask("GET", "/conversations") == []

    query = "&".join(f"{name}={value}" for name, value in proof.items())
    customer.ask("GET", f"?{query}")

    assert len(customer.ask("GET", "/conversations")) == 1
    session = db.session.scalars(db.select(ContactInbox).filter_by(source_id=customer.source_id)).one()
    assert session.hmac_verified


def test_a_wrong_or_missing_proof_is_refused(customer: Customer, cast: Cast) -> None:
    cast.inbox.hmac_mandatory = True
    right = identity_hash(cast.inbox.hmac_token, "z-1")
    wrong = {"error": "The identifier_hash does not match the identifier"}

    assert customer.arrive(identifier="z-1", expect=401) == wrong
    assert customer.arrive(identifier="z-1", identifier_hash="0" * 64, expect=401) == wrong
    assert customer.arrive(identifier="z-2", identifier_hash=right, expect=401) == wrong
    assert customer.arrive(identifier_hash=right, expect=401) == wrong
    assert set(customer.arrive(identifier="z-1", identifier_hash=right)) == SESSION_KEYS
    assert customer.ask("GET", expect=401) == wrong
    assert customer.ask("PATCH", "", {"name": "Z"}, expect=401) == wrong
    assert (
        customer.ask("PATCH", "", {"name": "Z", "identifier": "z-1", "identifier_hash": right})["name"] == "Z"
    )


def test_a_proof_for_somebody_else_opens_nothing(customer: Customer, cast: Cast) -> None:
    make_contact(cast.acme, identifier="victim", email="victim@example.com")
    customer.arrive(email="victim@example.com")
    proof = {"identifier": "me", "identifier_hash": identity_hash(cast.inbox.hmac_token, "me")}

    assert customer.ask("PATCH", "", proof, expect=401)["error"].startswith("The identifier_hash")


def test_a_session_without_proof_reaches_its_own_conversations_only(customer: Customer, cast: Cast) -> None:
    contact = make_contact(cast.acme, email="zoe@example.com")
    old = make_conversation(cast.inbox, contact=contact)
    customer.arrive(email="zoe@example.com")

    assert customer.ask("GET", "/conversations") == []
    assert customer.ask("GET", f"/conversations/{old.display_id}", expect=404) == UNKNOWN


def test_who_brings_a_proof_is_taken_for_nobody_else(customer: Customer, cast: Cast) -> None:
    victim = make_contact(cast.acme, email="zoe@example.com", phone_number="+4915112345")
    proof = {"identifier": "me", "identifier_hash": identity_hash(cast.inbox.hmac_token, "me")}

    arrived = customer.arrive(email="Zoe@example.com", phone_number="+4915112345", **proof)

    assert arrived["id"] != victim.id
    assert (arrived["email"], arrived["phone_number"]) == (None, None)
    assert db.session.get_one(Contact, arrived["id"]).identifier == "me"
    assert customer.arrive(email="zoe@example.com", **proof)["id"] == arrived["id"]


@pytest.mark.database
def test_a_proof_does_not_come_along_to_somebody_else(customer: Customer, cast: Cast) -> None:
    victim = make_contact(cast.acme, email="zoe@example.com")
    old = make_conversation(cast.inbox, contact=victim)
    customer.arrive()
    session = db.session.scalars(db.select(ContactInbox).filter_by(source_id=customer.source_id)).one()
    session.hmac_verified = True
    db.session.commit()

    assert customer.ask("PATCH", "", {"email": "zoe@example.com"})["id"] == victim.id

    assert customer.ask("GET", "/conversations") == []
    assert customer.ask("GET", f"/conversations/{old.display_id}", expect=404) == UNKNOWN


def test_nobody_says_more_than_pages_and_events_can_carry(customer: Customer, cast: Cast) -> None:
    much = {"a": {"b": "x" * LARGEST}}
    customer.arrive(custom_attributes={"a": "x" * 60_000})
    conversation = customer.ask("POST", "/conversations")["id"]
    messages = f"/conversations/{conversation}/messages"
    row = db.session.scalars(db.select(Conversation).filter_by(display_id=conversation)).one()
    question = make_message(row, message_type="outgoing")
    told = customer.ask("PATCH", "", {"custom_attributes": {"b": "x" * 6_000}}, expect=422)
    assert told["message"] == "Custom attributes is too large (maximum is 65536 characters of JSON)"

    values = [{"value": "x" * 1000}] * 70
    for method, path, body in (
        ("PATCH", "", {"custom_attributes": much}),
        ("POST", "/conversations", {"custom_attributes": much}),
        ("POST", "/events", {"name": "opened", "event_info": much}),
        ("POST", messages, {"content": "a", "echo_id": "x" * 256}),
        ("PATCH", f"{messages}/{question.id}", {"submitted_values": values}),
    ):
        customer.ask(method, path, body, expect=422)

    make_contact(cast.acme, email="zoe@example.com", custom_attributes={"c": "x" * 60_000})
    customer.ask("PATCH", "", {"email": "zoe@example.com"}, expect=422)


def test_of_very_many_pictures_no_more_are_promised(customer: Customer, jobs: Jobs) -> None:
    customer.arrive(avatar_url="https://example.com/a.png")
    customer.arrive(avatar_url="https://example.com/b.png")
    assert len(jobs.waiting()) == 2
    db.session.add_all(Job(kind="contacts.fetch_picture", args={}) for _ in range(CROWD - 2))
    db.session.commit()

    customer.arrive(avatar_url="https://example.com/c.png")

    assert len(jobs.waiting()) == CROWD


def test_what_was_deleted_is_not_answered(customer: Customer) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]
    row = db.session.scalars(db.select(Conversation).filter_by(display_id=conversation)).one()
    gone = make_message(row, message_type="outgoing", content_attributes={"deleted": True})

    path = f"/conversations/{conversation}/messages/{gone.id}"
    assert customer.ask("PATCH", path, {"submitted_values": {"value": "a"}}, expect=404) == UNKNOWN


def test_a_locked_inbox_keeps_to_one_conversation(customer: Customer, cast: Cast) -> None:
    cast.inbox.lock_to_single_conversation = True
    customer.arrive()

    first, second = (customer.ask("POST", "/conversations") for _ in range(2))

    assert first["id"] == second["id"]


def test_a_blocked_contact_opens_what_is_resolved(customer: Customer, cast: Cast) -> None:
    contact = make_contact(cast.acme, blocked=True)
    customer.source_id = make_contact_inbox(contact, cast.inbox).source_id

    conversation = customer.ask("POST", "/conversations")
    customer.ask("POST", f"/conversations/{conversation['id']}/messages", {"content": "Hey"})

    assert customer.ask("GET", f"/conversations/{conversation['id']}")["status"] == "resolved"


def test_the_customer_resolves_and_a_message_opens_again(customer: Customer, cast: Cast) -> None:
    customer.arrive(name="zoe")
    here = f"/conversations/{customer.ask('POST', '/conversations')['id']}"

    assert customer.ask("POST", f"{here}/toggle_status")["status"] == "resolved"
    assert customer.ask("POST", f"{here}/toggle_status")["status"] == "resolved"
    line = db.session.scalars(db.select(Message).filter_by(message_type="activity")).one()
    assert line.content == "Conversation was resolved by Zoe"

    customer.ask("POST", f"{here}/messages", {"content": "One more thing"})
    assert customer.ask("GET", here)["status"] == "open"


def test_what_the_customer_has_seen_is_read(customer: Customer, cast: Cast, jobs: Jobs) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]
    row = db.session.scalars(db.select(Conversation).filter_by(display_id=conversation)).one()
    early = make_message(row, "Hi", message_type="outgoing", sender_user_id=cast.bo.id)
    failed = make_message(row, "Lost", message_type="outgoing", sender_user_id=cast.bo.id, status="failed")
    note = make_message(row, "Note", message_type="outgoing", private=True, sender_user_id=cast.bo.id)

    assert customer.ask("POST", f"/conversations/{conversation}/update_last_seen") is None
    late = make_message(row, "Later", message_type="outgoing", created_at=clock.now() + timedelta(seconds=5))
    jobs.run_all()

    assert [message.status for message in (early, failed, note, late)] == ["read", "failed", "sent", "sent"]
    assert customer.ask("GET", f"/conversations/{conversation}")["contact_last_seen_at"] > 0


@pytest.mark.parametrize("word", ["on", "off", "perhaps", None, 5])
def test_typing_is_answered_with_nothing(customer: Customer, word: Any) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]

    path = f"/conversations/{conversation}/toggle_typing"
    assert customer.ask("POST", path, {"typing_status": word}) is None


def test_what_was_chosen_is_kept(customer: Customer) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]
    row = db.session.scalars(db.select(Conversation).filter_by(display_id=conversation)).one()
    question = make_message(
        row,
        "Which?",
        message_type="outgoing",
        content_type="input_select",
        content_attributes={"items": [{"title": "A", "value": "a"}]},
    )
    path = f"/conversations/{conversation}/messages/{question.id}"

    chosen = {"title": "A", "value": "a", "evil": 1}
    answer = customer.ask("PATCH", path, {"submitted_values": chosen})

    assert answer["content_attributes"]["submitted_values"] == {"title": "A", "value": "a"}
    several = [{"name": "mail", "value": "z@example.com"}]
    answer = customer.ask("PATCH", path, {"submitted_values": several})
    assert answer["content_attributes"]["submitted_values"] == several
    for broken in ({}, {"submitted_values": "x"}, {"submitted_values": [1]}):
        customer.ask("PATCH", path, broken, expect=422)


def test_a_survey_is_answered_by_the_conversations_long_name(
    customer: Customer, cast: Cast, api: Callable[..., Any]
) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")
    path = f"/public/api/v1/csat_survey/{conversation['uuid']}"
    account = f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation['id']}/messages"
    customer.client.get(path, expect=404)
    sent = api(cast.bo).post(account, {"content": "How was it?", "content_type": "input_csat"})

    shown = customer.client.get(path)
    assert (shown["id"], shown["content"], shown["csat_survey_response"]) == (sent["id"], "How was it?", None)
    assert (shown["display_type"], shown["inbox_name"], shown["locale"]) == ("emoji", "Website", "en")

    def answer(rating: Any, expect: int = 200) -> Any:
        values = {"csat_survey_response": {"rating": rating, "feedback_message": "Quick!"}}
        return customer.client.patch(path, {"message": {"submitted_values": values}}, expect=expect)

    assert answer(5)["csat_survey_response"] == {"rating": 5, "feedback_message": "Quick!"}
    assert customer.client.get(path) == answer("5")
    answer(6, expect=422)
    customer.client.patch(path, {"message": {}}, expect=422)
    customer.client.get("/public/api/v1/csat_survey/nothing", expect=404)
    clock.shift(timedelta(days=15))
    assert answer(1, expect=422) == {"error": "You cannot update the CSAT survey after 14 days"}
    submitted = {"submitted_values": {"csat_survey_response": {"rating": 1}}}
    customer.ask("PATCH", f"/conversations/{conversation['id']}/messages/{sent['id']}", submitted, expect=422)


def test_an_event_of_the_widget_needs_a_name(customer: Customer) -> None:
    customer.arrive()

    assert customer.ask("POST", "/events", {"name": "webwidget.triggered"}) is None
    assert customer.ask("POST", "/events", {}, expect=422)["attributes"] == ["name"]


@pytest.mark.parametrize("content", ["", None])
def test_a_message_may_be_empty(customer: Customer, content: Any) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]

    assert (
        customer.ask("POST", f"/conversations/{conversation}/messages", {"content": content})["content"] == ""
    )


def test_what_is_sent_again_under_its_name_is_said_once(customer: Customer) -> None:
    customer.arrive()
    path = f"{customer.me}/conversations/{customer.ask('POST', '/conversations')['id']}/messages"
    name = "3f0e6c1a-6f3e-4a53-9f4e-1f3f8a5f0c11"

    def send(content: str, echo_id: str) -> int:
        file = (io.BytesIO(b"%PDF-1.7 lamp"), "lamp.pdf")
        sent = {"content": content, "echo_id": echo_id, "attachments[]": file}
        return customer.client.client.post(path, data=sent).json["id"]

    first = send("Hello?", name)
    assert send("Hello?", name) == first
    others = [send("Hello again", name), send("Hello?", "1"), send("Hello?", "1")]
    assert len({first, *others}) == 4
    said = customer.client.get(path)
    assert [message["id"] for message in said] == sorted([first, *others])
    assert all(len(message["attachments"]) == 1 for message in said)


def test_a_message_that_is_too_long_is_told_so(customer: Customer) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]

    answer = customer.ask(
        "POST", f"/conversations/{conversation}/messages", {"content": "x" * 150_001}, expect=422
    )

    assert answer["error"] == "Validation failed: Content is too long (maximum is 150000 characters)"


def test_files_come_with_a_message_and_are_listed_for_both(
    customer: Customer, cast: Cast, api: Callable[..., Any], jobs: Jobs
) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]
    path = f"{customer.me}/conversations/{conversation}/messages"
    file = (io.BytesIO(b"%PDF-1.7 lamp"), "lamp.pdf")

    answer = customer.client.client.post(path, data={"content": "See", "attachments[]": file})

    assert answer.status_code == 200, answer.text
    [told] = answer.json["attachments"]
    assert (told["file_type"], told["extension"], told["file_size"]) == ("file", "pdf", 13)
    assert customer.client.get(path)[0]["attachments"] == [told]
    seen = api(cast.bo).get(f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation}/messages")
    assert seen["payload"][0]["attachments"] == [told]
    many = [(io.BytesIO(b"x"), f"{number}.txt") for number in range(16)]
    refused = customer.client.client.post(path, data={"attachments[]": many})
    assert (refused.status_code, "error" in refused.json) == (422, True)


def test_messages_come_twenty_at_a_time(customer: Customer) -> None:
    customer.arrive()
    conversation = customer.ask("POST", "/conversations")["id"]
    path = f"/conversations/{conversation}/messages"
    for number in range(25):
        customer.ask("POST", path, {"content": str(number)})

    last = customer.ask("GET", path)
    assert [message["content"] for message in last] == [str(number) for number in range(5, 25)]
    earlier = customer.ask("GET", f"{path}?before={last[0]['id']}")
    assert [message["content"] for message in earlier] == [str(number) for number in range(5)]
    assert customer.ask("GET", f"{path}?before=1") == []


def test_how_much_is_read_does_not_grow_with_what_is_there(customer: Customer, cast: Cast) -> None:
    customer.arrive()
    for _ in range(3):
        here = customer.ask("POST", "/conversations")["id"]
        customer.ask("POST", f"/conversations/{here}/messages", {"content": "Hi"})

    with counted() as queries:
        customer.ask("GET", "/conversations")
    assert queries.number <= 4

    with counted() as queries:
        customer.ask("GET", f"/conversations/{here}/messages")
    assert queries.number <= 4


def test_pages_of_any_origin_may_ask_and_no_cookie_is_set(client: FlaskClient, cast: Cast) -> None:
    path = f"/public/api/v1/inboxes/{cast.inbox.identifier}/contacts"
    headers = {"Origin": "https://shop.example", "Access-Control-Request-Method": "PATCH"}

    asked = client.options(path, headers=headers)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "PATCH" in asked.headers["Access-Control-Allow-Methods"]
    answered = client.post(path, json={}, headers=headers)
    assert answered.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answered.headers
    assert client.get(path + "/x").headers["Access-Control-Allow-Origin"] == "*"

    for closed in (f"/api/v1/accounts/{cast.acme.id}/inboxes", "/login", "/api"):
        assert "Access-Control-Allow-Origin" not in client.options(closed, headers=headers).headers


def test_a_signed_in_agent_is_nobody_here(page: Any, cast: Cast) -> None:
    page.sign_in(cast.ada)

    answer = page.client.get(f"/public/api/v1/inboxes/{cast.inbox.identifier}/contacts/nobody")

    assert (answer.status_code, answer.json) == (404, UNKNOWN)


def test_a_flood_is_told_when_to_come_back(make_app: Callable[..., Flask]) -> None:
    app = make_app(CLIENT_RATE_LIMIT="3")
    with app.app_context():
        cast = make_cast()
        here = f"/public/api/v1/inboxes/{cast.inbox.identifier}"
        other = f"/public/api/v1/inboxes/{make_inbox(cast.acme, name='Other').identifier}"
        client = app.test_client()

        answers = [client.get(here) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[-1].json["error"].startswith("Too many requests")
        assert 0 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert answers[-1].headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(other).status_code == 200
        assert client.get(here, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
        neighbours = [{"REMOTE_ADDR": f"2001:db8:1:2::{number}"} for number in range(4)]
        answers = [client.get(here, environ_overrides=each) for each in neighbours]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert client.options(here).status_code == 200


def test_redis_counts_for_every_process_and_each_counts_alone_while_it_is_away(
    make_app: Callable[..., Flask],
) -> None:
    redis = RedisServer()
    redis.start()
    try:
        path = "/public/api/v1/inboxes/nobody"  # counted all the same: who guesses is slowed down

        def ask(app: Flask) -> int:
            with app.app_context():
                return app.test_client().get(path).status_code

        one = make_app(CLIENT_RATE_LIMIT="3", REDIS_URL=redis.url)
        assert [ask(one) for _ in range(3)] == [404, 404, 404]
        other = make_app(CLIENT_RATE_LIMIT="3", REDIS_URL=redis.url)  # has counted nothing itself
        assert ask(other) == 429
        redis.stop()
        assert [ask(other) for _ in range(4)] == [404, 404, 404, 429]
    finally:
        redis.stop()


def test_agents_see_what_the_customer_did(customer: Customer, cast: Cast, api: Callable[..., Any]) -> None:
    customer.arrive(name="Zoe")
    conversation = customer.ask("POST", "/conversations", {"custom_attributes": {"order": "17"}})
    customer.ask("POST", f"/conversations/{conversation['id']}/messages", {"content": "Hello?"})

    def sees(user: User, expect: int = 200) -> Any:
        return api(user).get(
            f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation['id']}", expect=expect
        )

    assert sees(cast.bo)["custom_attributes"] == {"order": "17"}
    assert sees(cast.bo)["unread_count"] == 1
    sees(cast.cy, expect=401)
