"""The sender at work, with its threads: who waits for whom, and who does not."""

import json
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.lib.outgoing import Answer
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.claiming import Address
from dashboard.webhooks.operations.claiming import Claim
from dashboard.webhooks.operations.claiming import addresses_of
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.operations.recording import Outcome
from dashboard.webhooks.worker.fleeting import whispers
from dashboard.webhooks.worker.pace import PATIENCE
from dashboard.webhooks.worker.pace import Pace
from dashboard.webhooks.worker.sender import Sender
from tests.support.factories import make_account
from tests.support.factories import make_webhook
from tests.support.receivers import Receiver
from tests.support.receivers import receiving


class Desk:
    """An app on a database of its own, an account, and what is promised to whom."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.account_id = make_account().id

    def add(self, receiver: Receiver, **fields: Any) -> int:
        with self.app.app_context():
            account = db.session.get_one(Account, self.account_id)
            return make_webhook(account, "message_created", url=receiver.url(), **fields).id

    def tell(self, endpoint_id: int, *contents: str, subject: str = "c1") -> None:
        with self.app.app_context():
            to = [db.session.get_one(Endpoint, endpoint_id)]
            for content in contents:
                body = {"event": "message_created", "content": content}
                promise(body, account_id=self.account_id, to=to, subject=subject)

    def deliveries(self) -> list[Delivery]:
        with self.app.app_context():
            return list(db.session.scalars(db.select(Delivery).order_by(Delivery.id)))


@pytest.fixture
def desk(make_app: Callable[..., Flask]) -> Desk:
    return Desk(make_app(OUTGOING_ALLOW="127.0.0.0/8"))


@pytest.fixture(autouse=True)
def _allowed() -> Iterator[None]:
    yield
    outgoing.allow(())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def other() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@contextmanager
def sending(desk: Desk, **options: Any) -> Iterator[Sender]:
    outgoing.allow((ip_network("127.0.0.0/8"),))
    sender, stop = Sender(context=desk.app.app_context, **options), threading.Event()
    thread = threading.Thread(target=sender.run, args=(stop,))
    thread.start()
    try:
        yield sender
    finally:
        stop.set()
        sender.wake()
        thread.join(30)


def said(receiver: Receiver) -> list[str]:
    return [json.loads(each.body)["content"] for each in receiver.received]


@pytest.mark.database
def test_it_sends_when_woken_in_order_and_writes_how_it_went(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.add(receiver)
    words = [str(number) for number in range(12)]
    with sending(desk) as sender:
        arrived = receiver.hold_at(None, known=24)
        for word in words:
            desk.tell(webhook, f"a{word}", subject="c1")
            desk.tell(webhook, f"b{word}", subject="c2")
        sender.wake()
        assert arrived.wait(30)

    for lane in "ab":
        assert [each for each in said(receiver) if each[0] == lane] == [f"{lane}{word}" for word in words]
    done = desk.deliveries()
    assert {(each.state, each.attempts, each.code, each.answer, each.lease) for each in done} == {
        ("done", 1, 200, "ok", None)
    }
    assert all(each.sent_at is not None and each.took is not None for each in done)


def test_who_does_not_answer_holds_up_nobody_else(desk: Desk, receiver: Receiver, other: Receiver) -> None:
    silent, quick = desk.add(receiver), desk.add(other)
    asked = receiver.hold_at(1)
    for number in range(20):
        desk.tell(silent, str(number), subject=f"c{number}")
        desk.tell(quick, str(number), subject=f"c{number}")
    with sending(desk):
        all_arrived = other.hold_at(None, known=20)
        assert asked.wait(30)
        assert all_arrived.wait(30)

        assert len(receiver.received) == 1  # who has never answered gets one at a time
        receiver.let_go()


def test_those_who_fail_have_no_more_than_half_of_the_threads(
    desk: Desk, receiver: Receiver, other: Receiver
) -> None:
    with receiving() as third:
        failing = [desk.add(each, failures=3) for each in (receiver, other)]
        for webhook in failing:
            desk.tell(webhook, "x")
        good = desk.add(third)
        asked = [receiver.hold_at(1), other.hold_at(1)]
        desk.tell(good, "y")
        with sending(desk, threads=2):
            assert third.hold_at(None, known=1).wait(30)
            assert any(each.wait(30) for each in asked)

            assert len(receiver.received) + len(other.received) == 1
            receiver.let_go()
            other.let_go()


@pytest.mark.parametrize("now", [{"url": "https://example.com/new"}, {"failures": 0}])
def test_one_that_moved_or_is_resumed_is_not_made_to_wait(now: dict[str, Any]) -> None:
    gone = Address(1, "webhook", 1, "https://example.com/old", "key", None, 9)
    pace = Pace(gone)
    for number in range(PATIENCE):
        claim = Claim(
            number, gone, None, "1:c1", "uuid", 1, clock.now(), "message_created", b"{}", [], "mark"
        )
        pace.note("1:c1", Outcome(claim, Answer(500), clock.now(), 1))
    pace.meet(gone)
    assert pace.room == 0

    pace.meet(replace(gone, **now))
    assert pace.room == 1


def test_what_is_being_sent_when_it_ends_may_end_and_nothing_else_begins(
    desk: Desk, receiver: Receiver
) -> None:
    webhook = desk.add(receiver)
    asked = receiver.hold_at(1)
    desk.tell(webhook, "first", "second")
    with sending(desk) as sender:
        assert asked.wait(30)
        sender.is_ending = True
        receiver.let_go()

    first, second = desk.deliveries()
    assert (first.state, first.code) == ("done", 200)
    assert (second.state, second.attempts, second.lease) == ("waiting", 0, None)
    assert said(receiver) == ["first"]


def test_typing_is_told_without_a_row(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.add(receiver)
    arrived = receiver.hold_at(None, known=1)
    with sending(desk), desk.app.app_context():
        [address] = addresses_of([webhook])
        whispers.put(address, b'{"content": "too old"}', age=11)
        whispers.put(address, b'{"content": "in time"}', age=2)
        assert arrived.wait(30)

    assert said(receiver) == ["in time"]
    assert desk.deliveries() == []
