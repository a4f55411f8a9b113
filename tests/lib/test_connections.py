"""Connections that are kept for a moment: used again where that is safe, unnoticed where it is not."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from dashboard.lib import connections
from dashboard.lib import outgoing
from dashboard.lib.outgoing import Answer
from tests.support.receivers import Receiver
from tests.support.receivers import receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    outgoing.allow((ip_network("127.0.0.0/8"),))
    with receiving() as found:
        yield found
    outgoing.allow(())


def send(url: str, **options: Any) -> Answer:
    return outgoing.post(url, b"{}", {"Content-Type": "application/json"}, **options)


@pytest.mark.parametrize("body", [b"", b"ok", b"x" * 30_000])
def test_the_next_who_posts_there_takes_the_same_connection(receiver: Receiver, body: bytes) -> None:
    receiver.body = body
    assert [send(receiver.url()).body for _ in range(3)] == [body] * 3
    assert (len(receiver.received), len(receiver.wires)) == (3, 1)


def test_what_was_not_read_to_its_end_is_not_kept(receiver: Receiver) -> None:
    receiver.body = b"x" * (8 * outgoing.LARGEST_ANSWER)
    assert len(send(receiver.url()).body) == outgoing.LARGEST_ANSWER
    assert send(receiver.url()).is_good
    assert len(receiver.wires) == 2


def test_one_that_the_other_side_closed_is_made_anew(receiver: Receiver) -> None:
    assert send(receiver.url()).is_good
    receiver.hang_up()
    assert send(receiver.url()).is_good
    assert (len(receiver.received), len(receiver.wires)) == (2, 2)


def test_one_that_was_kept_too_long_is_not_taken(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE", 0.0)
    assert [send(receiver.url()).is_good for _ in range(2)] == [True, True]
    assert len(receiver.wires) == 2


def test_what_may_not_be_reached_any_more_is_not_reached_over_a_kept_one(receiver: Receiver) -> None:
    assert send(receiver.url()).is_good
    outgoing.allow(())
    assert send(receiver.url()).error == "private_address"
    assert len(receiver.received) == 1


def test_a_name_that_means_something_else_by_now_gets_a_connection_of_its_own(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "KNOWN_FOR", -1.0)
    where = iter(["127.0.0.1", "127.0.0.2"])

    def ask(host: str, port: int, *_: Any, **__: Any) -> Any:
        return [(2, 1, 6, "", (next(where), port))]

    monkeypatch.setattr("socket.getaddrinfo", ask)
    assert send(receiver.url(host="shop.test")).is_good
    assert send(receiver.url(host="shop.test")).error == "refused"  # nobody listens there


def test_one_that_was_cut_off_is_not_kept(receiver: Receiver) -> None:
    receiver.hold_at(1)
    assert send(receiver.url(), deadline=0.2).error == "timeout"
    receiver.let_go()
    assert send(receiver.url()).is_good
    assert len(receiver.wires) == 2
