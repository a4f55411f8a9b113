"""A worker is killed in the middle of sending, again and again: all arrives, in order, and is known again."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from flask import Flask

from dashboard.config import CHECKOUT
from dashboard.conversations.operations.posting import post_message
from dashboard.extensions import db
from dashboard.transactions import transaction
from dashboard.webhooks.models import Delivery
from tests.support.cast import make_cast
from tests.support.factories import make_conversation
from tests.support.receivers import Received
from tests.support.receivers import Receiver
from tests.support.receivers import receiving

MESSAGES = 6


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def start_worker() -> Iterator[Callable[[Flask], "subprocess.Popen[bytes]"]]:
    """Processes that end with the test, whatever happens."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(app: Flask) -> "subprocess.Popen[bytes]":
        config = app.config["DESK"]
        environ = {
            **os.environ,
            "DATA_DIR": str(config.data_dir),
            "DATABASE_URL": config.database_url,
            "OUTGOING_ALLOW": "127.0.0.0/8",
        }
        command = [sys.executable, "-m", "tests.support.sending_worker"]
        processes.append(subprocess.Popen(command, cwd=CHECKOUT, env=environ, stderr=subprocess.DEVNULL))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def test_nothing_is_lost_and_what_comes_twice_is_known_again(
    make_app: Callable[..., Flask],
    receiver: Receiver,
    start_worker: Callable[[Flask], "subprocess.Popen[bytes]"],
) -> None:
    app = make_app()
    with app.app_context():
        cast = make_cast()
        cast.inbox.webhook_url = receiver.url()
        conversation = make_conversation(cast.inbox)
        with transaction():
            for number in range(MESSAGES):
                post_message(conversation, content=str(number), author=cast.bo)
        deliveries = {each.uuid for each in db.session.scalars(db.select(Delivery))}
    for count in (2, 5):
        arrived = receiver.hold_at(count)
        worker = start_worker(app)
        assert arrived.wait(30)
        worker.kill()  # it has sent, and waits for an answer that it will never note
        worker.wait()
        receiver.let_go()

    start_worker(app)
    assert receiver.hold_at(None, known=len(deliveries)).wait(30)

    first_time: dict[str, Received] = {}
    for each in receiver.received:
        first_time.setdefault(each.headers["x-chatwoot-delivery"], each)
    assert set(first_time) == deliveries
    bodies = [json.loads(each.body) for each in first_time.values()]
    said = [body["content"] for body in bodies if body["event"] == "message_created"]
    assert said == [str(number) for number in range(MESSAGES)]
    assert len(receiver.received) <= len(deliveries) + 2
