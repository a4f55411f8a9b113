"""The bus of many machines over the PostgreSQL server that they share: LISTEN and NOTIFY."""

import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any

from dashboard.realtime.bus.topics import TOPICS

PATIENCE = 20.0  # seconds that a message waits for the server to come back
PAUSE = 0.2  # seconds between two attempts
WAIT = 0.5  # seconds for something to come
PREFIX = "deskframe_"


class PostgresqlTransport:
    """One connection speaks, another listens; both are made anew when the server has been away."""

    largest = 7_900  # a notice has at most 7,999 bytes, its sender's name included

    def __init__(self, url: str) -> None:
        self.url = url
        self.psycopg: Any = import_module("psycopg")
        self.mouth: Any = None
        self.ear: Any = None

    def listen(self, topic: str) -> None:
        """Everything is listened to from the first topic on."""
        if self.ear is None:
            with suppress(self.psycopg.Error):  # not there yet: `receive` goes on trying
                self.ear = self._listening()

    def hush(self, topic: str) -> None:
        """Whoever does not want to hear of it passes it over."""

    def is_heard(self, topic: str) -> bool:
        return True

    def send(self, topic: str, text: str) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                if self.mouth is None:
                    self.mouth = self._connection()
                self.mouth.execute("SELECT pg_notify(%s, %s)", (PREFIX + topic, text))
                return
            except self.psycopg.Error:
                self.mouth = None
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE)

    def receive(self) -> Iterator[tuple[str, str] | None]:
        """What has come; None where something may have been missed."""
        try:
            if self.ear is None:
                self.ear = self._listening()
                yield None
            for notice in self.ear.notifies(timeout=WAIT):
                yield notice.channel.removeprefix(PREFIX), notice.payload
        except self.psycopg.Error:
            self.ear = None
            time.sleep(PAUSE)

    def close(self) -> None:
        for connection in (self.mouth, self.ear):
            if connection is not None:
                connection.close()

    def _listening(self) -> Any:
        connection = self._connection()
        for topic in TOPICS:
            connection.execute(f"LISTEN {PREFIX}{topic}")
        return connection

    def _connection(self) -> Any:
        return self.psycopg.connect(self.url, autocommit=True, connect_timeout=5)
