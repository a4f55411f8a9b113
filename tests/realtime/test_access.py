"""What somebody may hear ends when the right to it ends, at once and without being asked."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.operations.agents import change_agent
from dashboard.accounts.operations.agents import remove_agent
from dashboard.accounts.operations.passwords import change_password
from dashboard.accounts.operations.sessions import end_session
from dashboard.accounts.operations.sessions import forget_the_old
from dashboard.accounts.operations.sessions import start_session
from dashboard.accounts.queries import SESSION_LIFETIME
from dashboard.accounts.queries import member_of
from dashboard.channels.api.operations import verify_session
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.merging import merge_contacts
from dashboard.contacts.operations.people import delete_contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import delete_inbox
from dashboard.inboxes.operations import set_members
from dashboard.lib import clock
from dashboard.lib.tokens import digest
from dashboard.realtime.rooms import person_room
from dashboard.realtime.rooms import session_room
from tests.support.claims import agent
from tests.support.claims import contact
from tests.support.factories import PASSWORD
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.servers import Desk
from tests.support.servers import Server
from tests.support.sockets import Socket
from tests.support.sockets import set_mark

Connect = Callable[..., Socket]

FOR_EVER = {"type": "disconnect", "reason": "unauthorized", "reconnect": False}


def is_sent_away(socket: Socket, frame: dict) -> None:
    while (told := socket.take()).get("type") != "disconnect":
        pass
    assert told == frame
    with pytest.raises(ConnectionClosed):
        socket.take()


def test_who_signs_out_is_out_with_that_browser_only(live: Server, desk: Desk, connect: Connect):
    me = {"account_id": desk.account_id, "user_id": desk.bo.id}
    with live.work():
        tokens = [start_session(db.session.get_one(User, desk.bo.id)) for _ in range(2)]
        cookies = [live.cookie(token) for token in tokens]
    office, home = (
        connect(origin=live.url, additional_headers={"Cookie": cookie}).subscribe(**me) for cookie in cookies
    )

    with live.work():
        end_session(tokens[0])

    is_sent_away(office, FOR_EVER)
    with live.work():
        set_mark([person_room(desk.bo.id)])
    home.until_mark()


def test_a_new_password_ends_what_the_old_token_opened(live: Server, desk: Desk, connect: Connect):
    socket = connect().subscribe(**agent(live, desk, desk.bo))

    with live.work():
        change_password(db.session.get_one(User, desk.bo.id), current=PASSWORD, new="another horse 43")

    is_sent_away(socket, FOR_EVER)


def test_who_is_taken_out_of_the_account_hears_no_more(live: Server, desk: Desk, connect: Connect):
    socket = connect().subscribe(**agent(live, desk, desk.bo))

    with live.work():
        remove_agent(member_of(desk.account_id, desk.bo.id), actor=db.session.get_one(User, desk.ada.id))

    is_sent_away(socket, FOR_EVER)


def test_who_has_yet_to_join_hears_nothing(live: Server, desk: Desk, connect: Connect):
    with live.work():
        account = db.session.get_one(Account, desk.account_id)
        ada, eve = (db.session.get_one(User, who.id) for who in (desk.ada, desk.eve))
        add_agent(account, name="", email=eve.email, role="administrator", actor=ada)
    socket = connect()

    identifier = json.dumps({"channel": "RoomChannel", **agent(live, desk, desk.eve)})
    socket.send({"command": "subscribe", "identifier": identifier})

    assert socket.take() == {"type": "welcome"}
    assert socket.take() == {"identifier": identifier, "type": "reject_subscription"}


def test_another_role_is_another_subscription(live: Server, desk: Desk, connect: Connect):
    socket = connect().subscribe(**agent(live, desk, desk.bo))

    with live.work():
        membership = member_of(desk.account_id, desk.bo.id)
        change_agent(membership, role="administrator", actor=db.session.get_one(User, desk.ada.id))

    is_sent_away(socket, {"type": "disconnect", "reason": "role_changed", "reconnect": True})


def test_a_contact_that_is_deleted_hears_no_more(live: Server, desk: Desk, connect: Connect):
    claim = contact(live, desk)
    socket = connect().subscribe(**claim)

    with live.work():
        delete_contact(db.session.query(Contact).order_by(Contact.id.desc()).first(), actor=None)

    is_sent_away(socket, FOR_EVER)


def test_an_inbox_that_is_deleted_is_closed_to_its_contacts(live: Server, desk: Desk, connect: Connect):
    socket = connect().subscribe(**contact(live, desk))

    with live.work():
        delete_inbox(db.session.get_one(Inbox, desk.inbox_id), actor=None)

    is_sent_away(socket, FOR_EVER)


def test_who_has_proved_who_they_are_hears_of_their_other_sessions(
    live: Server, desk: Desk, connect: Connect
):
    claim = contact(live, desk)
    socket = connect().subscribe(**claim)

    with live.work():
        session = db.session.query(ContactInbox).filter_by(pubsub_token=claim["pubsub_token"]).one()
        other = make_contact_inbox(session.contact, session.inbox, hmac_verified=True)
        verify_session(session)
        open_conversation(other, actor=None)
        set_mark([session_room(session.id)])

    assert [message["event"] for message in socket.until_mark()] == ["conversation.created"]


def test_the_sockets_of_who_turns_out_to_be_somebody_else_are_that_ones(
    live: Server, desk: Desk, connect: Connect
):
    claims = [contact(live, desk) for _ in range(2)]
    plain, proven = (connect().subscribe(**claim) for claim in claims)

    with live.work():
        by_token = {each.pubsub_token: each for each in db.session.query(ContactInbox)}
        sessions = [by_token[claim["pubsub_token"]] for claim in claims]
        inbox, account = sessions[0].inbox, db.session.get_one(Account, desk.account_id)
        verify_session(sessions[1])
        base = make_contact(account)
        elsewhere = make_contact_inbox(base, inbox, hmac_verified=True)
        for session in sessions:
            merge_contacts(base, session.contact, actor=None)
        numbers, base_id, elsewhere_id = [session.id for session in sessions], base.id, elsewhere.id
        set_mark([session_room(number) for number in numbers])
    plain.until_mark(), proven.until_mark()

    with live.work():
        for number in (elsewhere_id, *numbers):
            open_conversation(db.session.get_one(ContactInbox, number), actor=None)
        set_mark([session_room(number) for number in numbers])
    told = [[message["data"]["id"] for message in socket.until_mark()] for socket in (plain, proven)]
    first, second, third = sorted({number for numbers in told for number in numbers})
    assert told == [[second], [first, third]]

    with live.work():
        delete_contact(db.session.get_one(Contact, base_id), actor=None)
    for socket in (plain, proven):
        is_sent_away(socket, FOR_EVER)


def test_a_session_that_nobody_used_for_two_weeks_ends_what_it_opened(
    live: Server, desk: Desk, connect: Connect
):
    me = {"account_id": desk.account_id, "user_id": desk.bo.id}
    with live.work():
        tokens = [start_session(db.session.get_one(User, desk.bo.id)) for _ in range(2)]
        cookies = [live.cookie(token) for token in tokens]
    old, new = (
        connect(origin=live.url, additional_headers={"Cookie": cookie}).subscribe(**me) for cookie in cookies
    )

    with live.work():
        session = db.session.query(UserSession).filter_by(digest=digest(tokens[0])).one()
        session.last_used_at = clock.now() - SESSION_LIFETIME - timedelta(minutes=1)
        db.session.commit()
        forget_the_old()

    is_sent_away(old, FOR_EVER)
    with live.work():
        set_mark([person_room(desk.bo.id)])
    new.until_mark()


def test_members_of_an_inbox_come_and_go_without_a_new_connection(live: Server, desk: Desk, connect: Connect):
    bo = connect().subscribe(**agent(live, desk, desk.bo))
    cy = connect().subscribe(**agent(live, desk, desk.cy))
    with live.work():
        conversation_id = make_conversation(db.session.get_one(Inbox, desk.inbox_id)).id

    def heard_after(*members: int) -> list[bool]:
        with live.work():
            set_members(db.session.get_one(Inbox, desk.inbox_id), user_ids=members, actor=None)
        with live.work():
            conversation = db.session.get_one(Conversation, conversation_id)
            post_message(conversation, content="Hello", author=db.session.get_one(User, desk.ada.id))
            set_mark([person_room(desk.bo.id), person_room(desk.cy.id)])
        told = [socket.until_mark() for socket in (bo, cy)]
        return [any(each["event"] == "message.created" for each in messages) for messages in told]

    assert heard_after(desk.bo.id) == [True, False]
    assert heard_after(desk.cy.id) == [False, True]
    assert heard_after(desk.bo.id, desk.cy.id) == [True, True]
    assert heard_after() == [False, False]
