"""Who gets what: every event goes to exactly those whom it belongs to."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.bots.models import AgentBot
from dashboard.contacts.operations.merging import merge_contacts
from dashboard.contacts.operations.people import change_contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.reading import mark_seen
from dashboard.conversations.operations.reading import tell_typing
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import set_labels
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.realtime.rooms import person_room
from dashboard.realtime.rooms import session_room
from tests.support.factories import make_bot
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.servers import Desk
from tests.support.servers import Server
from tests.support.sockets import Socket
from tests.support.sockets import set_mark

EVERYBODY = {"ada", "bo", "cy", "eve", "customer", "verified", "stranger"}


@dataclass
class Room:
    """One conversation, and everybody who might listen: the three contacts' sessions are the customer's in
    the conversation, another verified one of the same customer, and somebody else's in the same inbox."""

    server: Server
    desk: Desk
    conversation_id: int
    sockets: dict[str, Socket]
    rooms: list[str]

    def do(self, verb: Callable[[Conversation, User], object]) -> None:
        with self.server.work():
            conversation = db.session.get_one(Conversation, self.conversation_id)
            verb(conversation, db.session.get_one(User, self.desk.bo.id))
            set_mark(self.rooms)

    def heard(self) -> dict[str, list[dict]]:
        return {name: socket.until_mark() for name, socket in self.sockets.items()}

    def hearers(self, name: str) -> set[str]:
        told = self.heard()
        return {who for who, messages in told.items() if any(each["event"] == name for each in messages)}


@pytest.fixture
def room(live: Server, desk: Desk, connect: Callable[..., Socket]) -> Room:
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        conversation = make_conversation(inbox)
        make_message(conversation)
        session = db.session.get_one(ContactInbox, conversation.contact_inbox_id)
        session.hmac_verified = True
        verified = make_contact_inbox(session.contact, inbox, hmac_verified=True)
        stranger = db.session.get_one(ContactInbox, make_conversation(inbox).contact_inbox_id)
        tokens = {
            name: each.pubsub_token
            for name, each in {"customer": session, "verified": verified, "stranger": stranger}.items()
        }
        people = {
            name: {"pubsub_token": db.session.get_one(User, person.id).pubsub_token, "user_id": person.id}
            for name, person in {"ada": desk.ada, "bo": desk.bo, "cy": desk.cy, "eve": desk.eve}.items()
        }
        conversation_id = conversation.id
        rooms = [session_room(each.id) for each in (session, verified, stranger)]
        rooms += [person_room(person["user_id"]) for person in people.values()]
    for name, person in people.items():
        person["account_id"] = desk.other_account_id if name == "eve" else desk.account_id
    sockets = {name: connect().subscribe(pubsub_token=token) for name, token in tokens.items()}
    sockets |= {name: connect().subscribe(**person) for name, person in people.items()}
    assert set(sockets) == EVERYBODY
    return Room(live, desk, conversation_id, sockets, rooms)


def merge_into_another(conversation: Conversation, bo: User) -> None:
    account = db.session.get_one(Account, conversation.account_id)
    merge_contacts(make_contact(account), conversation.contact, actor=bo)


def a_bot(conversation: Conversation) -> AgentBot:
    return make_bot(db.session.get_one(Account, conversation.account_id))


DESK = {"ada", "bo"}
WITH_CUSTOMER = DESK | {"customer", "verified"}

CASES = [
    ("message.created", lambda c, bo: post_message(c, content="On it", author=bo), WITH_CUSTOMER),
    ("message.created", lambda c, bo: post_note(c, content="VIP", author=bo), DESK),
    ("message.created", lambda c, bo: receive_message(c, content="Hello?"), WITH_CUSTOMER),
    ("first.reply.created", lambda c, bo: post_message(c, content="On it", author=bo), DESK),
    ("conversation.status_changed", lambda c, bo: change_status(c, to="resolved", actor=bo), WITH_CUSTOMER),
    ("conversation.updated", lambda c, bo: set_labels(c, labels=["vip"], actor=bo), WITH_CUSTOMER),
    ("conversation.created", lambda c, bo: open_conversation(c.contact_inbox, actor=bo), WITH_CUSTOMER),
    ("assignee.changed", lambda c, bo: assign_conversation(c, to=bo, actor=bo), DESK),
    ("conversation.read", lambda c, bo: mark_seen(c, actor=bo), DESK),
    ("conversation.contact_changed", lambda c, bo: merge_into_another(c, bo), DESK),
    ("contact.merged", lambda c, bo: merge_into_another(c, bo), {"ada", "bo", "cy"}),
    ("conversation.typing_on", lambda c, bo: tell_typing(c, is_typing=True, user=bo), {"ada", "customer"}),
    ("conversation.typing_off", lambda c, bo: tell_typing(c, is_typing=False, user=None), DESK),
    (
        "conversation.typing_on",
        lambda c, bo: tell_typing(c, is_typing=True, is_private=True, user=bo),
        {"ada"},
    ),
    (
        "conversation.typing_on",
        lambda c, bo: tell_typing(c, is_typing=True, user=a_bot(c)),
        DESK | {"customer"},
    ),
    ("message.created", lambda c, bo: post_message(c, content="Hello", author=a_bot(c)), WITH_CUSTOMER),
    ("assignee.changed", lambda c, bo: assign_conversation(c, to=a_bot(c), actor=bo), DESK),
    (
        "contact.updated",
        lambda c, bo: change_contact(c.contact, changes={"name": "Joan"}, actor=bo),
        {"ada", "bo", "cy"},
    ),
]


@pytest.mark.parametrize(("event", "verb", "hearers"), CASES)
def test_every_event_goes_to_exactly_those_it_belongs_to(room: Room, event, verb, hearers):
    room.do(verb)

    assert room.hearers(event) == hearers


def test_a_contact_never_meets_what_is_private(room: Room):
    def tell(conversation: Conversation, bo: User) -> None:
        post_note(conversation, content="Do not tell", author=bo)
        change_status(conversation, to="resolved", actor=bo)

    room.do(tell)

    for name in ("customer", "verified", "stranger"):
        told = json.dumps(room.sockets[name].until_mark())
        assert "Do not tell" not in told
        assert "marked resolved" not in told


def test_a_sockets_token_is_told_to_nobody_but_its_contact(room: Room):
    with room.server.work():
        token = db.session.get_one(Conversation, room.conversation_id).contact_inbox.pubsub_token

    room.do(lambda c, bo: change_status(c, to="resolved", actor=bo))

    told = {name: json.dumps(messages) for name, messages in room.heard().items()}
    assert {name for name, text in told.items() if token in text} == {"customer"}
    assert "pubsub_token" not in told["verified"]


def test_what_happened_is_told_in_order_with_who_did_it(room: Room):
    room.do(lambda c, bo: change_status(c, to="resolved", actor=bo))
    room.sockets["ada"].until_mark()

    room.do(lambda c, bo: receive_message(c, content="Still broken"))
    more = room.sockets["ada"].until_mark()
    room.do(lambda c, bo: post_message(c, content="Sorry", author=bo))

    messages = more + room.sockets["ada"].until_mark()
    assert [message["event"] for message in messages] == [
        "message.created",  # the line that says why it is open again
        "conversation.status_changed",
        "conversation.updated",
        "message.created",
        "conversation.updated",  # it waits
        "message.created",
        "first.reply.created",
        "conversation.updated",  # it does no more
    ]
    assert {message["data"]["account_id"] for message in messages} == {room.desk.account_id}
    answer = messages[5]["data"]
    assert (answer["content"], answer["performer"]["id"], answer["sender"]["type"]) == (
        "Sorry",
        room.desk.bo.id,
        "user",
    )
    assert "email" not in answer["performer"]


def test_while_a_bot_answers_pages_are_told_so_and_call_nobody(room: Room):
    def ask_the_bot(conversation: Conversation, _: User) -> None:
        conversation.status, conversation.assignee_bot = "pending", a_bot(conversation)
        receive_message(conversation, content="Hello?")

    room.do(ask_the_bot)
    told = room.sockets["bo"].until_mark()
    assert {message["event"] for message in told} >= {"message.created", "conversation.updated"}
    assert all(message["data"]["is_with_bot"] for message in told)

    room.do(lambda c, bo: change_status(c, to="open", actor=bo))
    assert not [message for message in room.sockets["bo"].until_mark() if "is_with_bot" in message["data"]]
