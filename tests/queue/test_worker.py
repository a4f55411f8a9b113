"""Workers die, meet and wait; the work is done all the same."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.queue import worker as worker_module
from dashboard.queue.models import Job
from dashboard.queue.operations import enqueue
from dashboard.queue.worker import Checkpointer
from dashboard.queue.worker import Worker
from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.bus.topics import JOBS
from dashboard.transactions import transaction

pytestmark = pytest.mark.database


@pytest.fixture
def running():
    """Processes that end with the test, whatever happens."""
    processes = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def start_worker(app, mode):
    config = app.config["DESK"]
    environ = {**os.environ, "DATA_DIR": str(config.data_dir), "DATABASE_URL": config.database_url}
    command = [sys.executable, "-m", "tests.support.stubborn_worker", mode]
    return subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=subprocess.PIPE, text=True)


def jobs_left(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Job))


def test_a_job_whose_worker_is_killed_runs_again(make_app, running):
    app = make_app()
    with app.app_context():
        enqueue("greet", name="Jane")
    running.append(start_worker(app, "hang"))
    assert running[0].stdout.readline() == "started Jane\n"

    running[0].kill()
    running.append(start_worker(app, "work"))

    assert running[1].stdout.readline() == "started Jane\n"
    assert running[1].stdout.readline() == "done\n"
    assert jobs_left(app) == 0


def test_two_workers_do_every_job_once_between_them(make_app):
    app = make_app()
    with app.app_context(), transaction():
        for number in range(100):
            enqueue("count", number=number)
    done, stop = Counter(), threading.Event()

    def count(number):
        done[number] += 1
        if len(done) == 100:
            stop.set()

    workers = [Worker({"count": count}, context=app.app_context) for _ in range(2)]
    threads = [threading.Thread(target=worker.run, args=(stop,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert done == Counter(range(100))
    assert jobs_left(app) == 0


def test_a_job_that_takes_longer_than_its_lease_runs_once(make_app):
    app = make_app()
    with app.app_context():
        enqueue("long")
    runs, looks, stop, gate = [], [], threading.Event(), threading.Event()

    def work_long():
        runs.append(1)
        gate.wait(60)
        stop.set()

    def after_each_look():
        looks.append(1)
        if len(looks) == 4:  # with a second between two looks, the lease would be over
            gate.set()

    worker = Worker({"long": work_long}, context=app.app_context, lease=timedelta(seconds=2))
    worker.run(stop, after_each_look=after_each_look)

    assert runs == [1]
    assert jobs_left(app) == 0


def test_a_worker_outlives_a_database_that_does_not_answer(make_app, caplog):
    app = make_app()
    looks, stop = [], threading.Event()

    @contextmanager
    def context():
        with app.app_context():
            if not looks:
                raise OperationalError("", {}, Exception("gone"))
            yield

    def after_each_look():
        looks.append(1)
        if len(looks) == 2:
            stop.set()

    Worker({}, context=context).run(stop, after_each_look=after_each_look)

    assert "the job table cannot be read: OperationalError" in caplog.text


def test_the_checkpointer_moves_the_log_into_the_file(tmp_path):
    path = tmp_path / "desk.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("CREATE TABLE note (words TEXT)")
        before = path.stat().st_size

        checkpointer = Checkpointer(path)
        checkpointer()
        checkpointer.close()

        assert path.stat().st_size > before


def test_many_slow_jobs_that_anybody_can_ask_for_hold_up_nothing_else(make_app):
    app, go, done, stop = make_app(), *(threading.Event() for _ in range(3))
    jobs = {"fetch": go.wait, "send": done.set}
    worker = Worker(jobs, context=app.app_context, unhurried={"fetch"})
    with app.app_context():
        for kind in ("fetch", "fetch", "fetch", "fetch", "fetch", "send"):
            enqueue(kind)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()

    assert done.wait(20)

    go.set()
    stop.set()
    thread.join()


def test_a_worker_that_sleeps_is_woken_by_the_promise(make_app, monkeypatch):
    monkeypatch.setattr(worker_module, "POLL", 60.0)  # by itself it would not look again
    app, done, looked, stop = make_app(), *(threading.Event() for _ in range(3))
    worker = Worker({"greet": lambda name: done.set()}, context=app.app_context)
    bus.listen(JOBS, lambda _: worker.wake())
    thread = threading.Thread(target=worker.run, args=(stop,), kwargs={"after_each_look": looked.set})
    thread.start()
    assert looked.wait(20)

    with app.app_context():
        enqueue("greet", name="Jane")

    assert done.wait(20)
    bus.hush(JOBS)
    stop.set()
    worker.wake()
    thread.join()
