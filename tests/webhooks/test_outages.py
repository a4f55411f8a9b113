"""A sender at work while the database goes away, or the clock jumps."""

import sqlite3
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from contextlib import closing
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import event

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.transactions import transaction
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.schemas.samples import sample_of
from dashboard.webhooks.worker.sender import Sender
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.factories import make_account
from tests.support.faults import SOON
from tests.support.postgres import Cluster
from tests.support.receivers import Receiver
from tests.support.receivers import receiving

pytestmark = pytest.mark.database

HERE = "127.0.0.0/8"

Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _nothing_stays_allowed() -> Iterator[None]:
    yield
    outgoing.allow(())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def noticed(caplog: pytest.LogCaptureFixture) -> threading.Event:
    """Set once the sender has complained of the database."""
    found = threading.Event()
    caplog.handler.addFilter(lambda line: line.name.startswith("dashboard.webhooks") and not found.set())
    return found


@pytest.fixture
def fragile(
    make_app: Callable[..., Flask], tmp_path: Path, noticed: threading.Event
) -> Iterator[tuple[Flask, Away]]:
    """SQLite is locked by somebody until the sender has noticed, PostgreSQL restarted as after a crash."""
    app = make_app(OUTGOING_ALLOW=HERE)
    if app.config["DESK"].is_sqlite:
        file = app.config["DESK"].sqlite_path
        with app.app_context():
            event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
        yield app, lambda: _locked(file, noticed)
        return
    cluster = Cluster()
    cluster.start()
    app = open_app(tmp_path / "restarted", cluster.url, OUTGOING_ALLOW=HERE)
    with app.app_context():
        flask_migrate.upgrade()
    yield app, lambda: _restarted(cluster)
    close_app(app)
    cluster.stop()


@contextmanager
def _locked(file: Path, noticed: threading.Event) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        yield
        assert noticed.wait(SOON)
        somebody.execute("ROLLBACK")


@contextmanager
def _restarted(cluster: Cluster) -> Iterator[None]:
    cluster.restart()
    yield


@contextmanager
def sending(app: Flask) -> Iterator[Sender]:
    sender, stop = Sender(context=app.app_context), threading.Event()
    thread = threading.Thread(target=sender.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield sender
    finally:
        stop.set()
        sender.wake()
        thread.join(SOON)


def promise_to(url: str) -> set[str]:
    """The numbers of all deliveries by now."""
    with transaction():
        endpoint = Endpoint(account_id=make_account().id, url=url)
        db.session.add(endpoint)
        db.session.flush()
        promise(sample_of("message_created"), account_id=endpoint.account_id, to=[endpoint], subject="c1")
    return set(db.session.scalars(db.select(Delivery.uuid)))


def until_all_are_done(app: Flask) -> None:
    end = time.monotonic() + SOON
    while _on_their_way(app):
        assert time.monotonic() < end, "a delivery is still on its way"
        threading.Event().wait(0.02)


def _on_their_way(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Delivery).filter(Delivery.state != "done").count()


def test_what_cannot_be_noted_now_is_noted_when_the_database_is_back(
    fragile: tuple[Flask, Away], receiver: Receiver
) -> None:
    app, away = fragile
    with app.app_context():
        numbers = promise_to(receiver.url())
    arrived = receiver.hold_at(1)
    with sending(app):
        assert arrived.wait(SOON)
        with away():
            receiver.let_go()

        until_all_are_done(app)

    assert {each.headers["x-chatwoot-delivery"] for each in receiver.received} == numbers


@pytest.mark.parametrize("by", [timedelta(days=2), timedelta(days=-2)])
def test_a_clock_that_jumps_and_is_put_right_keeps_nothing_back(
    by: timedelta, make_app: Callable[..., Flask], receiver: Receiver
) -> None:
    """What is promised before, meanwhile and afterwards arrives."""
    app, known = make_app(OUTGOING_ALLOW=HERE), set()
    with sending(app) as sender:
        for count, shift in enumerate((timedelta(), by, timedelta()), start=1):
            arrived = receiver.hold_at(None, known=count)
            clock.shift(shift)
            with app.app_context():
                known |= promise_to(receiver.url())
            sender.wake()
            assert arrived.wait(SOON)
        until_all_are_done(app)

    assert {each.headers["x-chatwoot-delivery"] for each in receiver.received} == known
