"""Receivers that break every rule: each costs only its own deliveries, and those arrive if they can."""

import ssl
import tracemalloc
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib import connections
from dashboard.lib import outgoing
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.schemas.samples import sample_of
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.faults import SOON
from tests.support.faults import Fault
from tests.support.faults import answers_once
from tests.support.faults import breaks_off
from tests.support.faults import faulty
from tests.support.faults import floods
from tests.support.faults import hangs_up
from tests.support.faults import has_moved
from tests.support.faults import is_silent
from tests.support.receivers import Receiver
from tests.support.receivers import receiving

MEGABYTE = 1 << 20
Tell = Callable[..., Delivery]


@pytest.fixture(autouse=True)
def _reach_this_machine() -> Iterator[None]:
    outgoing.allow((ip_network("127.0.0.0/8"),))
    yield
    outgoing.allow(())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def tell(cast: Cast) -> Tell:
    """`tell(url)` promises a webhook there an event; the delivery comes back."""

    def tell_one(url: str) -> Delivery:
        endpoint = Endpoint(account_id=cast.acme.id, url=url)
        db.session.add(endpoint)
        db.session.flush()
        body = sample_of("message_created")
        notice = promise(body, account_id=cast.acme.id, to=[endpoint], subject="c1")
        return db.session.query(Delivery).filter_by(notice_id=notice.id).one()

    return tell_one


def outcome(delivery: Delivery) -> tuple[str, int | None, str | None]:
    db.session.refresh(delivery)
    return delivery.state, delivery.code, delivery.error


def try_again(delivery: Delivery, jobs: Jobs) -> None:
    """When its next attempt is due."""
    db.session.refresh(delivery)
    clock.shift(delivery.due_at - datetime.now(UTC) + timedelta(seconds=1))
    jobs.run_all()


@pytest.mark.parametrize(
    ("fault", "word"), [(is_silent, "timeout"), (hangs_up, "connection"), (breaks_off, "connection")]
)
def test_who_does_not_answer_to_the_end_is_told_again(
    fault: Fault, word: str, tell: Tell, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "READ_TIMEOUT", 0.3)
    with faulty(fault) as server:
        delivery = tell(server.url)
        jobs.run_all()
        assert outcome(delivery) == ("waiting", None, word)
        assert delivery.due_at > clock.now()

        try_again(delivery, jobs)

        assert server.numbers == [delivery.uuid] * 2
        assert (delivery.attempts, len(delivery.history)) == (2, 1)


def test_who_is_waited_for_too_long_is_hung_up_on(
    tell: Tell, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "READ_TIMEOUT", 0.3)
    with faulty(is_silent) as server:
        tell(server.url)
        jobs.run_all()

        assert server.left.wait(SOON)


def test_who_has_trouble_is_told_again_under_the_same_number(
    receiver: Receiver, tell: Tell, jobs: Jobs
) -> None:
    receiver.status = 500
    delivery = tell(receiver.url())
    jobs.run_all()
    assert outcome(delivery) == ("waiting", 500, None)

    receiver.status = 200
    try_again(delivery, jobs)

    assert outcome(delivery) == ("done", 200, None)
    assert [each.headers["x-chatwoot-delivery"] for each in receiver.received] == [delivery.uuid] * 2


def test_a_kept_connection_that_was_closed_costs_no_attempt(tell: Tell, jobs: Jobs) -> None:
    with faulty(answers_once) as server:
        first, second = tell(server.url), tell(f"{server.url}/too")
        jobs.run_all()

        assert outcome(first) == outcome(second) == ("done", 200, None)
        assert server.numbers == [first.uuid, second.uuid, second.uuid]
        assert second.attempts == 1


def test_who_has_moved_is_not_followed_and_not_told_again(tell: Tell, jobs: Jobs) -> None:
    with faulty(has_moved) as server:
        delivery = tell(server.url)
        jobs.run_all()
        clock.shift(timedelta(hours=23))
        jobs.run_all()

        assert outcome(delivery) == ("failed", 301, None)
        assert server.numbers == [delivery.uuid]


def test_of_an_answer_of_ten_gigabytes_the_beginning_is_taken(tell: Tell, jobs: Jobs) -> None:
    with faulty(floods) as server:
        delivery = tell(server.url)
        tracemalloc.start()
        jobs.run_all()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert server.left.wait(SOON)
        assert server.sent < 32 * MEGABYTE  # what lay between the two already
        assert most < 8 * MEGABYTE
        assert outcome(delivery) == ("done", 200, None)
        assert delivery.answer == "x" * 1024


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[trustme.CA], None]]:
    """Make an authority one that this machine knows."""

    def know(authority: trustme.CA) -> None:
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        outgoing._usual_trust.cache_clear()

    yield know
    outgoing._usual_trust.cache_clear()


def test_a_certificate_that_is_put_right_is_seen(
    tell: Tell, jobs: Jobs, trust: Callable[[trustme.CA], None]
) -> None:
    """First of an authority that nobody knows, then for another name: nothing is sent before it is right."""
    theirs, authority = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), trustme.CA()
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    with receiving(theirs) as receiver:
        delivery = tell(receiver.url())
        jobs.run_all()
        assert outcome(delivery) == ("waiting", None, "tls")

        trust(authority)
        authority.issue_cert("other.test").configure_cert(theirs)
        try_again(delivery, jobs)
        assert outcome(delivery) == ("waiting", None, "tls")
        assert receiver.received == []

        authority.issue_cert("127.0.0.1").configure_cert(theirs)
        try_again(delivery, jobs)
        assert outcome(delivery) == ("done", 200, None)
        assert [each.headers["x-chatwoot-delivery"] for each in receiver.received] == [delivery.uuid]
