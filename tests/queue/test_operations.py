"""Jobs are promised with the change that needs them, and done at least once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.queue.models import BURIED
from dashboard.queue.models import Job
from dashboard.queue.operations import BACK_OFF
from dashboard.queue.operations import LEASE
from dashboard.queue.operations import bury
from dashboard.queue.operations import cancel
from dashboard.queue.operations import claim
from dashboard.queue.operations import enqueue
from dashboard.queue.operations import extend
from dashboard.queue.operations import finish
from dashboard.queue.operations import keep_periodic
from dashboard.queue.operations import retry
from dashboard.queue.worker import run_all
from dashboard.transactions import transaction

pytestmark = pytest.mark.database


def test_a_job_exists_only_if_its_transaction_commits(app, jobs):
    with pytest.raises(RuntimeError), transaction():
        enqueue("greet", name="Jane")
        raise RuntimeError

    assert jobs.waiting() == []


def test_a_job_keeps_its_arguments(app):
    enqueue("greet", name="Jane", times=[1, 2])

    [claimed] = claim(10)

    assert claimed.kind == "greet"
    assert claimed.args == {"name": "Jane", "times": [1, 2]}
    assert claimed.attempts == 1


def test_what_anybody_can_ask_for_leaves_room_for_the_rest(app):
    for kind in ("draw", "draw", "draw", "send", "draw"):
        enqueue(kind)

    first = claim(4, unhurried={"draw"}, room=2)
    assert [claimed.kind for claimed in first] == ["draw", "draw", "send"]
    assert claim(4, unhurried={"draw"}) == []
    assert [claimed.kind for claimed in claim(4, unhurried={"draw"}, room=1)] == ["draw"]
    assert [claimed.kind for claimed in claim(4)] == ["draw"]


def test_a_job_waits_for_its_time(app):
    enqueue("greet", due_at=clock.now() + timedelta(hours=1))
    assert claim(10) == []

    clock.shift(timedelta(hours=1, seconds=1))

    assert len(claim(10)) == 1


def test_the_longest_due_comes_first(app):
    now = clock.now()
    for name, minutes in (("third", 1), ("first", 3), ("second", 2)):
        enqueue(name, due_at=now - timedelta(minutes=minutes))

    kinds = [claimed.kind for _ in range(3) for claimed in claim(1)]

    assert kinds == ["first", "second", "third"]


def test_a_claimed_job_is_nobody_elses(app):
    enqueue("greet")

    assert len(claim(10)) == 1
    assert claim(10) == []


def test_a_job_whose_worker_died_comes_back_when_its_lease_ends(app):
    enqueue("greet")
    [lost] = claim(10)

    clock.shift(LEASE + timedelta(seconds=1))
    [again] = claim(10)

    assert (again.id, again.attempts) == (lost.id, 2)


def test_a_lease_can_be_extended(app):
    enqueue("greet")
    claims = claim(10)
    clock.shift(LEASE - timedelta(seconds=1))

    extend(claims)
    clock.shift(LEASE + timedelta(seconds=1))

    assert claim(10) == []


def test_a_finished_job_is_gone(app, jobs):
    enqueue("greet")

    finish(claim(1)[0])

    assert jobs.waiting() == []


def test_whoever_lost_the_lease_has_no_say(app, jobs):
    enqueue("greet")
    [lost] = claim(1)
    clock.shift(LEASE + timedelta(seconds=1))
    claim(1)

    finish(lost)
    retry(lost, error="too late")

    [job] = jobs.waiting()
    assert job.lease is not None
    assert job.last_error is None


def test_a_failed_job_waits_longer_each_time_and_is_buried_in_the_end(app, jobs):
    enqueue("greet")

    for wait in BACK_OFF:
        retry(claim(1)[0], error="ValueError: no such person")
        assert claim(1) == []
        [job] = jobs.waiting()
        assert wait - timedelta(seconds=5) < job.due_at - clock.now() <= wait
        db.session.execute(update(Job).values(due_at=clock.now()))

    retry(claim(1)[0], error="ValueError: no such person")
    [job] = jobs.waiting()
    assert (job.state, job.last_error) == (BURIED, "ValueError: no such person")
    assert claim(1) == []


def test_a_job_that_takes_every_worker_down_is_buried(app, jobs):
    enqueue("crash")
    db.session.execute(update(Job).values(attempts=len(BACK_OFF) + 1))

    assert run_all({"crash": pytest.fail}) == []

    assert jobs.waiting()[0].state == BURIED


def test_of_one_key_there_is_one_job_and_the_last_word_counts(app, jobs):
    enqueue("wake", key="wake:1", due_at=clock.now() + timedelta(hours=1), conversation_id=1)
    enqueue("wake", key="wake:1", due_at=clock.now() - timedelta(hours=1), conversation_id=2)

    [job] = jobs.waiting()

    assert job.args == {"conversation_id": 2}
    assert len(claim(10)) == 1


def test_a_job_promised_again_while_it_runs_runs_once_more(app):
    enqueue("wake", key="wake:1")
    [running] = claim(1)

    enqueue("wake", key="wake:1")
    finish(running)

    assert len(claim(10)) == 1


def test_a_promise_can_be_taken_back(app, jobs):
    enqueue("wake", key="wake:1")

    cancel("wake:1")

    assert jobs.waiting() == []


def test_a_buried_job_does_not_keep_its_key(app, jobs):
    enqueue("wake", key="wake:1")
    bury(claim(1)[0], error="never again")

    enqueue("wake", key="wake:1")

    assert {job.state for job in jobs.waiting()} == {"buried", "due"}


def test_a_periodic_job_comes_back_and_is_never_buried(app, jobs):
    keep_periodic({"tidy": timedelta(hours=1)})

    finish(claim(1)[0])
    assert claim(1) == []
    for hour in range(1, 20):
        clock.shift(timedelta(hours=hour, seconds=hour))
        retry(claim(1)[0], error="not today")

    assert [job.state for job in jobs.waiting()] == ["due"]


def test_periodic_jobs_follow_the_table(app, jobs):
    keep_periodic({"tidy": timedelta(hours=1), "forget": timedelta(hours=1)})
    finish(claim(1)[0])

    keep_periodic({"tidy": timedelta(hours=2)})

    assert [(job.kind, job.every) for job in jobs.waiting()] == [("tidy", 7200)]


def test_a_failing_job_takes_back_what_it_wrote_by_half(app, jobs):
    def write_and_fail():
        db.session.add(Job(kind="half"))
        db.session.flush()
        raise ValueError("no further")

    enqueue("write")
    [failure] = run_all({"write": write_and_fail})

    assert str(failure) == "no further"
    assert [job.kind for job in jobs.waiting()] == ["write"]


def test_a_job_of_an_unknown_kind_waits_for_code_that_knows_it(app, jobs):
    enqueue("tomorrow")

    run_all({})

    assert jobs.waiting()[0].last_error == "KeyError: 'tomorrow'"
