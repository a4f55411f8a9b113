"""A clock that is set to another time while things are on their way: nothing is lost, nothing storms."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.outgoing import Answer
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.claiming import claim
from dashboard.webhooks.operations.claiming import waiting_endpoints
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.operations.recording import Ledger
from dashboard.webhooks.operations.recording import Outcome
from dashboard.webhooks.operations.recording import record_outcomes
from dashboard.webhooks.schemas.samples import sample_of
from dashboard.webhooks.worker.sender import Sender
from tests.support.cast import Cast
from tests.support.factories import make_webhook

LONG = timedelta(days=400)

pytestmark = pytest.mark.database


@pytest.fixture
def webhook(cast: Cast) -> Endpoint:
    return make_webhook(cast.acme)


def tell(webhook: Endpoint) -> Delivery:
    promise(sample_of("message_created"), account_id=webhook.account_id, to=[webhook], subject="c1")
    return db.session.scalars(db.select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()


def a_sender() -> Sender:
    return Sender(context=nullcontext)


def taken(sender: Sender) -> list[int]:
    """What it takes at its next look."""
    look = sender._turn(Ledger())
    sender._take_over(look)
    return [each.id for each in look.claims]


def test_set_back_what_waits_goes_at_once(webhook: Endpoint) -> None:
    clock.shift(LONG)
    in_the_hands_of_one_who_died = tell(webhook)
    claims = claim([(address, 1) for address in waiting_endpoints()])
    waits_for_it = tell(webhook)
    sender = a_sender()
    assert taken(sender) == []

    clock.shift(timedelta())

    assert taken(sender) == [in_the_hands_of_one_who_died.id]
    assert claims[0].id == in_the_hands_of_one_who_died.id
    sender.paces[webhook.id].successes = 3
    assert taken(sender) == [waits_for_it.id]
    assert waits_for_it.created_at <= clock.now()


def test_set_back_what_failed_is_tried_at_once(webhook: Endpoint) -> None:
    clock.shift(LONG)
    delivery = tell(webhook)
    claims = claim([(address, 1) for address in waiting_endpoints()])
    record_outcomes(Ledger([Outcome(claims[0], Answer(503), clock.now(), 5)]))
    sender = a_sender()
    assert taken(sender) == []

    clock.shift(timedelta())

    assert taken(sender) == [delivery.id]


def test_a_worker_that_starts_finds_what_an_earlier_clock_left(webhook: Endpoint) -> None:
    clock.shift(LONG)
    delivery = tell(webhook)
    claim([(address, 1) for address in waiting_endpoints()])
    clock.shift(timedelta())
    sender = a_sender()
    sender.books.put(None)

    sender._keep_books()

    assert taken(sender) == [delivery.id]


def test_set_forward_what_is_being_sent_is_not_sent_twice_and_nobody_has_failed_for_so_long(
    webhook: Endpoint,
) -> None:
    delivery = tell(webhook)
    webhook.failures, webhook.failing_since = 30, clock.now()
    sender = a_sender()
    assert taken(sender) == [delivery.id]

    clock.shift(LONG)

    assert taken(sender) == []
    db.session.expire_all()
    assert delivery.due_at > clock.now()
    assert clock.now() - webhook.failing_since < timedelta(minutes=1)


def test_set_forward_nothing_is_given_up_by_its_age_alone(webhook: Endpoint) -> None:
    delivery = tell(webhook)
    clock.shift(LONG)
    claims = claim([(address, 1) for address in waiting_endpoints()])

    record_outcomes(Ledger([Outcome(claims[0], Answer(503), clock.now(), 5)]))

    db.session.expire_all()
    assert delivery.state == "waiting"
    assert delivery.due_at - clock.now() < timedelta(seconds=6)
