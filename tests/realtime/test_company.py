"""Our pages hear at once which colleagues come and go, and who looks at the same conversation."""

import json
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.operations.agents import change_agent
from dashboard.accounts.queries import member_of
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import remove_app
from dashboard.bots.models import AgentBot
from dashboard.bots.operations import change_bot
from dashboard.bots.operations import remove_bot
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import set_members
from dashboard.realtime.rooms import account_room
from tests.support.claims import agent
from tests.support.claims import cookie_of
from tests.support.databases import Databases
from tests.support.factories import make_app
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server
from tests.support.sockets import Socket
from tests.support.sockets import opened
from tests.support.sockets import set_mark

Connect = Callable[..., Socket]


@pytest.fixture
def open_page(live: Server, desk: Desk, connect: Connect) -> Callable[[Person], Socket]:
    """A page of ours in the browser of somebody who is signed in."""

    def opens(person: Person) -> Socket:
        cookie = {"Cookie": cookie_of(live, person)}
        socket = connect(origin=live.url, additional_headers=cookie)
        return socket.subscribe(account_id=desk.account_id, user_id=person.id)

    return opens


def new_conversation(live: Server, desk: Desk) -> int:
    with live.work():
        return make_conversation(db.session.get_one(Inbox, desk.inbox_id)).display_id


def look(socket: Socket, display_id: int | None) -> None:
    data = json.dumps({"action": "look", "conversation": display_id})
    socket.send({"command": "message", "identifier": socket.identifier, "data": data})


def hears_lookers(socket: Socket, *people: Person) -> None:
    """What comes in between is on its way there."""
    wanted = sorted(person.id for person in people)
    while (heard := socket.hear("conversation.lookers")["users"]) != wanted:
        assert heard


def hears_that(socket: Socket, person: Person, is_what: str) -> None:
    while socket.hear("presence.changed")["users"].get(str(person.id)) != is_what:
        pass


def test_a_page_hears_who_comes_changes_and_goes(live: Server, desk: Desk, open_page, connect: Connect):
    ada = open_page(desk.ada)
    program = connect().subscribe(**agent(live, desk, desk.ada))

    first, second = open_page(desk.bo), open_page(desk.bo)
    hears_that(ada, desk.bo, "online")
    with live.work():
        change_agent(
            member_of(desk.account_id, desk.bo.id),
            availability="busy",
            actor=db.session.get_one(User, desk.ada.id),
        )
    hears_that(ada, desk.bo, "busy")
    first.connection.close()
    second.connection.close()
    hears_that(ada, desk.bo, "offline")

    with live.work():
        set_mark([account_room(desk.account_id)])
    assert program.until_mark() == []  # other clients hear it when they ask, as ever


def test_a_page_hears_that_apps_have_changed_and_other_clients_do_not(
    live: Server, desk: Desk, open_page, connect: Connect
):
    bo = open_page(desk.bo)
    program = connect().subscribe(**agent(live, desk, desk.ada))
    with live.work():
        app_id = make_app(db.session.get_one(Account, desk.account_id)).id

    with live.work():
        change_app(db.session.get_one(DashboardApp, app_id), state="paused", actor=None)
    assert bo.hear("apps.changed") == {"account_id": desk.account_id}
    with live.work():
        remove_app(db.session.get_one(DashboardApp, app_id), actor=None)
    assert bo.hear("apps.changed") == {"account_id": desk.account_id}
    with live.work():  # who has another role may see other apps
        ada = db.session.get_one(User, desk.ada.id)
        change_agent(member_of(desk.account_id, desk.cy.id), role="administrator", actor=ada)
    assert bo.hear("apps.changed") == {"account_id": desk.account_id}

    with live.work():
        set_mark([account_room(desk.account_id)])
    assert program.until_mark() == []


def test_a_page_hears_that_a_bot_is_another_or_gone(live: Server, desk: Desk, open_page):
    bo = open_page(desk.bo)
    with live.work():
        bot_id = make_bot(db.session.get_one(Account, desk.account_id)).id

    with live.work():
        change_bot(db.session.get_one(AgentBot, bot_id), changes={"name": "Bobo"}, actor=None)
    assert bo.hear("bots.changed") == {"account_id": desk.account_id}
    with live.work():
        remove_bot(db.session.get_one(AgentBot, bot_id), actor=None)
    assert bo.hear("bots.changed") == {"account_id": desk.account_id}


def test_who_looks_at_the_same_conversation_is_told_of(live: Server, desk: Desk, open_page):
    number, another = new_conversation(live, desk), new_conversation(live, desk)
    ada, bo = open_page(desk.ada), open_page(desk.bo)

    look(ada, number)
    hears_lookers(ada, desk.ada)
    look(bo, number)
    hears_lookers(bo, desk.ada, desk.bo)
    hears_lookers(ada, desk.ada, desk.bo)
    look(bo, another)
    hears_lookers(bo, desk.bo)
    hears_lookers(ada, desk.ada)
    look(bo, number)
    hears_lookers(ada, desk.ada, desk.bo)
    look(bo, None)
    hears_lookers(ada, desk.ada)


def test_who_looks_twice_looks_until_both_pages_have_gone(live: Server, desk: Desk, open_page):
    number = new_conversation(live, desk)
    ada, first, second = open_page(desk.ada), open_page(desk.bo), open_page(desk.bo)
    for socket in (first, second):
        look(socket, number)
        hears_lookers(socket, desk.bo)
    look(ada, number)
    hears_lookers(ada, desk.ada, desk.bo)

    look(first, None)
    look(first, new_conversation(live, desk))
    hears_lookers(first, desk.bo)
    look(second, number)
    hears_lookers(second, desk.ada, desk.bo)
    second.connection.close()
    hears_lookers(ada, desk.ada)


def test_nobody_looks_at_what_is_not_theirs(live: Server, desk: Desk, open_page):
    number = new_conversation(live, desk)
    ada, bo, cy = open_page(desk.ada), open_page(desk.bo), open_page(desk.cy)
    look(cy, number)
    look(cy, 10**17)
    look(ada, number)
    hears_lookers(ada, desk.ada)
    look(bo, number)
    hears_lookers(bo, desk.ada, desk.bo)
    hears_lookers(ada, desk.ada, desk.bo)

    with live.work():
        set_members(
            db.session.get_one(Inbox, desk.inbox_id),
            user_ids=[desk.cy.id],
            actor=db.session.get_one(User, desk.ada.id),
        )

    hears_lookers(ada, desk.ada)
    with live.work():
        set_mark([account_room(desk.account_id)])
    assert [desk.ada.id] not in [each["data"].get("users") for each in bo.until_mark()]
    assert "conversation.lookers" not in [each["event"] for each in cy.until_mark()]


def test_pages_of_two_processes_see_each_other(databases: Databases, migrated: str, tmp_path: Path):
    server = Server(tmp_path, databases.new(copy_of=migrated), WEB_PROCESSES="2").start()
    desk = server.make_desk()
    number = new_conversation(server, desk)
    with ExitStack() as stack:
        stack.callback(server.stop)
        pages = []
        for person, asleep in zip((desk.ada, desk.bo), server.web_processes(), strict=True):
            os.kill(asleep, signal.SIGSTOP)
            cookie = {"Cookie": cookie_of(server, person)}
            socket = stack.enter_context(opened(server.url, origin=server.url, additional_headers=cookie))
            pages.append(socket.subscribe(account_id=desk.account_id, user_id=person.id))
            os.kill(asleep, signal.SIGCONT)
        ada, bo = pages
        hears_that(ada, desk.bo, "online")

        look(ada, number)
        hears_lookers(ada, desk.ada)
        look(bo, number)
        hears_lookers(ada, desk.ada, desk.bo)
        hears_lookers(bo, desk.ada, desk.bo)
        bo.connection.close()
        hears_lookers(ada, desk.ada)
