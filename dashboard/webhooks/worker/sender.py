"""Sends what is due, until told to stop."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Event
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dashboard.webhooks.operations.claiming import LEASE
from dashboard.webhooks.operations.claiming import claim
from dashboard.webhooks.operations.claiming import waiting_endpoints
from dashboard.webhooks.operations.recording import Ledger
from dashboard.webhooks.operations.recording import blame_and_forgive
from dashboard.webhooks.operations.recording import record_outcomes
from dashboard.webhooks.worker.fleeting import whispers
from dashboard.webhooks.worker.posting import attempt
from dashboard.webhooks.worker.posting import post

POLL = 1.0  # seconds between two looks at the table

Context = Callable[[], AbstractContextManager[Any]]

log = logging.getLogger(__name__)


class Sender:
    """`context` gives each look at the table a database session of its own."""

    def __init__(self, *, context: Context, lease: timedelta = LEASE) -> None:
        self.context = context
        self.lease = lease
        self.bell = Event()

    def wake(self) -> None:
        """Look at the table now, from any thread."""
        self.bell.set()

    def run(self, stop: Event) -> None:
        whispers.ring = self.wake
        while not stop.is_set():
            self.bell.clear()
            try:
                with self.context():
                    send_all(lease=self.lease)
            except SQLAlchemyError as error:
                log.warning("the table of deliveries cannot be read: %s", type(error).__name__)
            self.bell.wait(POLL)


def send_all(*, lease: timedelta = LEASE) -> bool:
    """Send what is due, here and now, until nothing is; whether anything was."""
    is_worked = False
    for whisper in whispers.take():
        post(whisper.address, whisper.body, whisper.uuid, deadline=whisper.time_left)
        is_worked = True
    while claims := claim([(address, 1) for address in waiting_endpoints()], lease=lease):
        outcomes = [attempt(claimed) for claimed in claims]
        record_outcomes(Ledger(outcomes, set()))
        blame_and_forgive(outcomes)
        is_worked = True
    return is_worked
