"""The bus of many machines over a Redis server: what is published is heard by whoever listens just then."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any

from dashboard.realtime.bus.topics import TOPICS

PATIENCE = 20.0  # seconds that a message waits for the server to come back
PAUSE = 0.2  # seconds between two attempts
WAIT = 0.5  # seconds for something to come


class RedisTransport:
    """One connection speaks, another listens; both are made anew when the server has been away."""

    largest = 1 << 20

    def __init__(self, url: str, *, mark: str) -> None:
        redis: Any = import_module("redis")  # here, because a desk without it need not spend 10 MB on it
        self.error: type[Exception] = redis.RedisError
        # It must not come back by itself: that something was missed is to be told.
        once = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
        options = {"socket_timeout": 5, "socket_connect_timeout": 5, "decode_responses": True, "retry": once}
        self.client = redis.Redis.from_url(url, **options)
        # Others may use the same server: the desk is told apart by what only its own processes know.
        self.prefix = f"deskframe:{hashlib.sha256(mark.encode()).hexdigest()[:16]}:"
        self.ear: Any = None

    def listen(self, topic: str) -> None:
        """Everything is listened to from the first topic on."""
        if self.ear is None:
            with suppress(self.error):  # not there yet: `receive` goes on trying
                self.ear = self._listening()

    def hush(self, topic: str) -> None:
        """Whoever does not want to hear of it passes it over."""

    def is_heard(self, topic: str) -> bool:
        return True

    def send(self, topic: str, text: str) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.client.publish(self.prefix + topic, text)
                return
            except self.error:
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE)

    def receive(self) -> Iterator[tuple[str, str] | None]:
        """What has come; None where something may have been missed."""
        try:
            if self.ear is None:
                self.ear = self._listening()
                yield None
            while (message := self.ear.get_message(ignore_subscribe_messages=True, timeout=WAIT)) is not None:
                yield message["channel"].removeprefix(self.prefix), message["data"]
        except self.error:
            self.ear = None
            time.sleep(PAUSE)

    def close(self) -> None:
        if self.ear is not None:
            self.ear.close()
        self.client.close()

    def _listening(self) -> Any:
        """A connection that listens for certain: the server has said so for each topic."""
        ear = self.client.pubsub()
        ear.subscribe(*(self.prefix + topic for topic in TOPICS))
        for _ in TOPICS:
            ear.parse_response(block=True)
        return ear
