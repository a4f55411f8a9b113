"""Hundreds of messages while the worker is killed twice: all arrive, those of a conversation in order."""

import os
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bench.killing import Arrival
from bench.killing import Figures
from bench.killing import Receiver
from bench.killing import judge
from bench.killing import post_and_kill
from dashboard.config import CHECKOUT
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.claiming import mend_times
from dashboard.webhooks.operations.promising import LONGEST_WAIT
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.schemas.samples import sample_of
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.factories import make_conversation

MESSAGES, CONVERSATIONS = 300, 8

pytestmark = pytest.mark.database


@contextmanager
def working(app: Flask) -> Iterator[Callable[[], None]]:
    """Processes that send, one after the other; the next one begins when this one is killed."""
    config = app.config["DESK"]
    environ = {
        **os.environ,
        "DATA_DIR": str(config.data_dir),
        "DATABASE_URL": config.database_url,
        "OUTGOING_ALLOW": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "tests.support.mortal_worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environ, text=True, **pipes) as workers:

        def kill() -> None:
            workers.stdin.write("\n")
            workers.stdin.flush()
            assert workers.stdout.readline() == "killed\n"

        yield kill


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def test_nothing_is_lost_and_nothing_overtakes(make_app: Callable[..., Flask], receiver: Receiver) -> None:
    app = make_app()
    with app.app_context():
        cast = make_cast()
        db.session.add(Endpoint(account_id=cast.acme.id, url=receiver.url, events=["message_created"]))
        ids = [make_conversation(cast.inbox).id for _ in range(CONVERSATIONS)]
        db.session.commit()
        bo = cast.bo.id

    def post(number: int) -> None:
        with app.app_context():
            author = db.session.get_one(type(cast.bo), bo)
            conversation = db.session.get_one(Conversation, ids[number % CONVERSATIONS])
            post_message(conversation, content=str(number), author=author)

    with working(app) as kill:
        found = post_and_kill(MESSAGES, post=post, kill=kill, receiver=receiver)

    assert (found.missing, found.out_of_order) == (0, 0)
    assert found.repeated > 0  # each time somebody waited for an answer that nobody heard


def test_what_is_missing_or_late_is_counted() -> None:
    came = [Arrival("a", 1, 10), Arrival("c", 1, 12), Arrival("b", 1, 11), Arrival("a", 1, 10)]

    assert judge([*came, Arrival("d", 2, 5)], posted=5) == Figures(5, missing=1, repeated=1, out_of_order=1)


def test_a_worker_that_begins_lets_nobody_go_ahead(cast: Cast) -> None:
    """What is posted while it waits for the database is newer than its idea of now."""
    endpoint = Endpoint(account_id=cast.acme.id, url="https://hooks.example.com/", events=[])
    db.session.add(endpoint)
    db.session.flush()
    for seconds in (0, 20):
        clock.shift(timedelta(seconds=seconds))
        promise(sample_of("contact_created"), account_id=cast.acme.id, to=[endpoint], subject="c1")
    clock.shift(timedelta())

    mend_times()

    first, second = db.session.scalars(select(Delivery).order_by(Delivery.id))
    assert second.due_at - first.created_at == LONGEST_WAIT
