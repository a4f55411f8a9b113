"""What follows from how an attempt went: for the delivery, for those behind it, and for the endpoint."""

from datetime import datetime
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import pytest

from dashboard.conversations.operations.posting import receive_message
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.lib.outgoing import Answer
from dashboard.queue.models import Job
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.claiming import Claim
from dashboard.webhooks.operations.claiming import claim
from dashboard.webhooks.operations.claiming import waiting_endpoints
from dashboard.webhooks.operations.policy import judge
from dashboard.webhooks.operations.promising import LONGEST_WAIT
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.operations.recording import Ledger
from dashboard.webhooks.operations.recording import Outcome
from dashboard.webhooks.operations.recording import blame_and_forgive
from dashboard.webhooks.operations.recording import record_outcomes
from dashboard.webhooks.operations.tidying import give_up_old_deliveries
from dashboard.webhooks.schemas.samples import sample_of
from dashboard.webhooks.worker.pace import AT_ONCE
from dashboard.webhooks.worker.pace import IN_LINE
from dashboard.webhooks.worker.pace import LONGEST_PAUSE
from dashboard.webhooks.worker.pace import PATIENCE
from dashboard.webhooks.worker.pace import Pace
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.factories import make_webhook


def judged(
    answer: Answer, *, attempts: int = 1, age: timedelta = timedelta(), is_bot: bool = False
) -> tuple[str, float | None]:
    """The state, and after how many seconds it goes on."""
    now = clock.now()
    state, at = judge(answer, attempts=attempts, created_at=now - age, is_bot=is_bot)
    return state, (at - now).total_seconds() if at else None


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_2xx_is_done(status: int) -> None:
    assert judged(Answer(status)) == ("done", None)


@pytest.mark.parametrize("answer", [301, 302, 308, 400, 401, 404, 410, 422, "private_address", "address"])
def test_what_will_not_change_is_final(answer: int | str) -> None:
    assert judged(Answer(answer) if isinstance(answer, int) else Answer(error=answer)) == ("failed", None)


@pytest.mark.parametrize(
    "answer", [408, 425, 429, 500, 502, 503, 599, "refused", "timeout", "dns", "tls", "http"]
)
def test_what_may_pass_by_is_tried_again_later_and_later(answer: int | str) -> None:
    found = Answer(answer) if isinstance(answer, int) else Answer(error=answer)
    for attempts, least, most in ((1, 4, 10), (2, 24, 40), (3, 96, 130), (7, 5760, 7300), (12, 5760, 7300)):
        state, seconds = judged(found, attempts=attempts)
        assert state == "waiting"
        assert seconds is not None
        assert least <= seconds <= most


def test_after_a_day_it_is_given_up() -> None:
    day = timedelta(days=1)

    state, seconds = judged(Answer(500), attempts=14, age=day - timedelta(minutes=10))
    assert state == "waiting"
    assert seconds == pytest.approx(600, abs=30)
    assert judged(Answer(500), attempts=15, age=day) == ("failed", None)
    assert judged(Answer(500), attempts=2, age=day)[0] == "waiting"  # as old as that only by a clock


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("120", 110, 150),
        (" 7200 ", 7100, 7300),
        ("99999999999999999999", 86300, 86500),
        ("0", 3, 20),
        ("soon", 3, 20),
        ("-5", 3, 20),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 3, 20),
        ("Thu, 99 Xyz 2099", 3, 20),
    ],
)
def test_who_says_when_is_asked_then(asked: str, least: float, most: float) -> None:
    state, seconds = judged(Answer(429, retry_after=asked))

    assert state == "waiting"
    assert seconds is not None
    assert least <= seconds <= most


def test_when_may_be_a_date() -> None:
    at: datetime = clock.now() + timedelta(hours=2)

    _, seconds = judged(Answer(503, retry_after=format_datetime(at, usegmt=True)))

    assert seconds == pytest.approx(7200, abs=30)


def test_a_bot_has_three_attempts_in_ten_seconds() -> None:
    waits = [judged(Answer(500, retry_after="60"), attempts=number, is_bot=True) for number in (1, 2, 3)]

    assert [state for state, _ in waits] == ["waiting", "waiting", "failed"]
    assert sum(seconds or 0 for _, seconds in waits) + 3 * 3.0 < 10


@pytest.fixture
def webhook(cast: Cast) -> Endpoint:
    return make_webhook(cast.acme)


def tell(webhook: Endpoint, subject: str = "c1") -> Delivery:
    promise(sample_of("message_created"), account_id=webhook.account_id, to=[webhook], subject=subject)
    return db.session.scalars(db.select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()


def take(most: int = 10) -> list[Claim]:
    return claim([(address, most) for address in waiting_endpoints()])


def note(*claims: Claim, answer: Answer) -> None:
    outcomes = [Outcome(each, answer, clock.now(), 5) for each in claims]
    assert not record_outcomes(Ledger(outcomes))
    blame_and_forgive(outcomes)
    db.session.expire_all()


def pass_time(by: timedelta) -> None:
    clock.shift(clock._offset + by)


@pytest.mark.database
def test_the_next_of_a_conversation_waits_for_the_one_before_but_not_for_ever(webhook: Endpoint) -> None:
    first, second, third, elsewhere = tell(webhook), tell(webhook), tell(webhook), tell(webhook, "c2")
    claims = take()
    assert [each.id for each in claims] == [first.id, elsewhere.id]
    note(*claims, answer=Answer(500))

    pass_time(LONGEST_WAIT - timedelta(minutes=1))
    claims = take()
    assert {each.id for each in claims} == {first.id, elsewhere.id}
    note(*claims, answer=Answer(500))
    pass_time(timedelta(minutes=1))
    assert {second.id, third.id} < {each.id for each in take()}


@pytest.mark.database
def test_the_next_of_a_conversation_goes_when_the_one_before_has_ended(webhook: Endpoint) -> None:
    deliveries = [tell(webhook) for _ in range(3)]
    for delivery, answer in zip(deliveries, (200, 404, 200), strict=True):
        claims = take()
        assert [each.id for each in claims] == [delivery.id]
        note(*claims, answer=Answer(answer))

    assert [each.state for each in deliveries] == ["done", "failed", "done"]


@pytest.mark.database
def test_each_attempt_is_kept_with_the_beginning_of_the_answer(webhook: Endpoint) -> None:
    delivery = tell(webhook)
    note(*take(), answer=Answer(500, "Größe\x00".encode() + b"x" * 3000))
    pass_time(timedelta(seconds=6))
    note(*take(), answer=Answer(error="timeout"))
    pass_time(timedelta(seconds=31))
    note(*take(), answer=Answer(200, b"ok"))

    assert (delivery.state, delivery.attempts, delivery.code, delivery.answer) == ("done", 3, 200, "ok")
    assert [(each["code"], each["error"]) for each in delivery.history] == [(500, None), (None, "timeout")]
    again = tell(webhook)
    note(*take(), answer=Answer(500, "Größe\x00".encode() + b"x" * 3000))
    assert again.answer is not None
    assert again.answer.startswith("Größex")
    assert len(again.answer.encode()) <= 1024


@pytest.mark.database
def test_a_webhook_that_fails_for_a_day_is_paused_and_goes_on_when_it_is_resumed(webhook: Endpoint) -> None:
    def fail(*, failures: int, hours: int) -> str:
        """How it is paused after so many failures before this one, and so many hours of them."""
        webhook.failures, webhook.failing_since = failures, clock.now() - timedelta(hours=hours)
        delivery = tell(webhook, f"c{failures}{hours}")
        note(*[each for each in take() if each.id == delivery.id], answer=Answer(500))
        return webhook.paused_by

    assert fail(failures=18, hours=30) == ""
    assert fail(failures=50, hours=23) == ""
    assert fail(failures=19, hours=24) == "failures"
    assert (webhook.seen_at, webhook.failures) == (None, 20)
    assert webhook.paused_at is not None
    waits = tell(webhook, "c9")
    assert take() == []

    webhook.paused_by = ""
    db.session.commit()
    assert [each.id for each in take()] == [waits.id]


def test_a_success_is_a_new_beginning(webhook: Endpoint) -> None:
    webhook.failures, webhook.failing_since = 19, clock.now() - timedelta(days=2)
    tell(webhook)
    note(*take(), answer=Answer(200))

    assert (webhook.failures, webhook.failing_since, webhook.paused_by) == (0, None, "")


def test_what_was_deleted_meanwhile_is_forgotten(webhook: Endpoint) -> None:
    tell(webhook)
    claims = take()
    db.session.delete(webhook)
    db.session.commit()

    assert not record_outcomes(Ledger([Outcome(claims[0], Answer(200), clock.now(), 5)]))


def test_whoever_has_lost_the_lease_says_nothing(webhook: Endpoint) -> None:
    delivery = tell(webhook)
    claims = take()
    pass_time(timedelta(seconds=61))
    [again] = take()
    note(*claims, answer=Answer(404))

    assert (delivery.state, delivery.lease) == ("waiting", again.lease)


def test_what_waited_for_a_day_where_nothing_is_sent_is_given_up(webhook: Endpoint, cast: Cast) -> None:
    old, elsewhere = tell(webhook), tell(make_webhook(cast.acme))
    pass_time(timedelta(hours=23))
    webhook.paused_by = "person"
    give_up_old_deliveries()
    db.session.expire_all()
    assert old.state == "waiting"

    pass_time(timedelta(hours=2))
    young = tell(webhook, "c2")
    give_up_old_deliveries()
    db.session.expire_all()

    assert (old.state, old.error) == ("failed", "expired")
    assert (young.state, elsewhere.state) == ("waiting", "waiting")


def test_what_a_bot_does_not_take_is_up_to_people(cast: Cast, jobs: Jobs) -> None:
    make_bot(cast.acme, inbox=cast.inbox, outgoing_url="http://127.0.0.1:1/")
    outgoing.allow((ip_network("127.0.0.0/8"),))
    conversation = make_conversation(cast.inbox, status="pending")
    receive_message(conversation, content="Hello?")
    for status in ("pending", "pending", "open"):
        jobs.run_all()
        assert conversation.status == status
        pass_time(timedelta(seconds=1))
    outgoing.allow(())

    told = db.select(Delivery).where(Delivery.message_id.is_not(None)).order_by(Delivery.id)
    first = db.session.scalars(told).first()
    assert first is not None
    assert (first.state, first.attempts, first.error) == ("failed", 3, "refused")


def a_pace(webhook: Endpoint) -> Pace:
    tell(webhook)
    [address] = waiting_endpoints()
    return Pace(address)


def told(pace: Pace, webhook: Endpoint, *answers: Answer, took: int = 5) -> None:
    [claimed] = take(1) if not hasattr(pace, "claimed") else [pace.claimed]
    pace.claimed = claimed  # type: ignore[attr-defined]
    for answer in answers:
        pace.note(claimed.lane, Outcome(claimed, answer, clock.now(), took))


def test_who_answers_gets_more_and_who_is_quick_the_most(webhook: Endpoint) -> None:
    pace = a_pace(webhook)
    rooms = [pace.room]
    for _ in range(3):
        told(pace, webhook, Answer(200))
        rooms.append(pace.room)
    assert rooms == [1, 2, 4, IN_LINE]
    told(pace, webhook, Answer(404), took=900)
    assert (pace.room, pace.is_steady) == (AT_ONCE, True)
    told(pace, webhook, Answer(200), took=4000)
    assert (pace.room, pace.is_steady) == (AT_ONCE, False)


def test_who_fails_is_asked_one_at_a_time_and_then_now_and_then(webhook: Endpoint) -> None:
    pace = a_pace(webhook)
    told(pace, webhook, *[Answer(200)] * 3, *[Answer(503)] * (PATIENCE - 1))
    assert (pace.room, pace.is_steady, pace.paused_until) == (1, False, 0)
    told(pace, webhook, Answer(503))
    assert pace.paused_until > 0
    told(pace, webhook, *[Answer(503)] * 2000)
    assert pace.room == 0
    assert 5 < pace.time_left <= LONGEST_PAUSE
    told(pace, webhook, Answer(200))
    assert (pace.room, pace.time_left) == (2, 0)


def test_a_customer_waits_for_a_bot(cast: Cast, jobs: Jobs) -> None:
    bot = Endpoint(account_id=cast.acme.id, kind="bot", bot_id=make_bot(cast.acme).id)
    db.session.add(bot)
    db.session.commit()
    pace = a_pace(bot)
    told(pace, bot, *[Answer(503)] * 20)

    assert (pace.room, pace.time_left) == (AT_ONCE, 0)
    assert db.session.scalars(db.select(Job)).all() == []
