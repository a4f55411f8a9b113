"""What one process of the desk tells the others: whoever publishes is heard by all who listen."""

import atexit
import json
import logging
import os
import queue
import threading
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import Protocol

from dashboard.config import Config
from dashboard.lib.tokens import new_token
from dashboard.realtime.bus.pieces import Collector
from dashboard.realtime.bus.pieces import cut
from dashboard.realtime.bus.postgresql import PostgresqlTransport
from dashboard.realtime.bus.redis import RedisTransport
from dashboard.realtime.bus.unix import UnixTransport
from dashboard.realtime.bus.unix import folder_for

LONGEST_QUEUE = 10_000  # messages that wait while the way is blocked; then the oldest are lost
DRAIN = 3.0  # seconds that a process which ends gives to what it has still to tell

Message = dict[str, Any]
Handler = Callable[[Message], None]

log = logging.getLogger(__name__)


class Transport(Protocol):
    """The way to other processes. `largest` is what it carries at once, in bytes."""

    largest: int

    def listen(self, topic: str) -> None: ...
    def hush(self, topic: str) -> None: ...
    def is_heard(self, topic: str) -> bool: ...
    def send(self, topic: str, text: str) -> None: ...
    def receive(self) -> Iterator[tuple[str, str] | None]: ...
    def close(self) -> None: ...


class Bus:
    """Handlers of the same process are called at once, by whoever publishes; other processes hear it by the
    transport. Nobody who publishes waits: one thread carries away, in order, and one brings in."""

    def __init__(self) -> None:
        self.name = f"{os.getpid()}-{new_token(8)}"
        self.handlers: dict[str, Handler] = {}
        self.transport: Transport | None = None
        self.outgoing: queue.Queue[tuple[str, str] | None] = queue.Queue(LONGEST_QUEUE)
        self.collector = Collector()
        self.courier: threading.Thread | None = None
        self.receiver: threading.Thread | None = None
        self.lock = threading.Lock()
        self.on_gap: Callable[[], None] = lambda: None  # what others told may not have been heard here

    def connect(self, transport: Transport) -> None:
        """Reach other processes from now on."""
        self.close()
        self.transport = transport
        for topic in self.handlers:
            self._listen(topic)

    def listen(self, topic: str, handler: Handler) -> None:
        """Hear what is published; one handler for each topic, called from any thread: it must be quick."""
        with self.lock:
            is_new = topic not in self.handlers
            self.handlers[topic] = handler
            if is_new and self.transport is not None:
                self._listen(topic)

    def hush(self, topic: str) -> None:
        """Hear no more of it."""
        with self.lock:
            if self.handlers.pop(topic, None) is not None and self.transport is not None:
                self.transport.hush(topic)

    def is_heard(self, topic: str) -> bool:
        """Whether anybody may listen: where not, nothing need be made to be published."""
        return topic in self.handlers or (self.transport is not None and self.transport.is_heard(topic))

    def publish(self, topic: str, message: Message) -> None:
        """Tell everybody who listens, here and elsewhere."""
        handler = self.handlers.get(topic)
        if handler is not None:
            self._hand_over(handler, topic, message)
        self.tell_others(topic, message)

    def tell_others(self, topic: str, message: Message) -> None:
        """Tell everybody who listens in other processes."""
        transport = self.transport
        if transport is None or not transport.is_heard(topic):
            return
        if self.courier is None:
            self._start_courier(transport)
        for piece in cut(json.dumps(message, separators=(",", ":")), largest=transport.largest):
            self._queue(topic, f"{self.name}|{piece}")

    def close(self) -> None:
        """Carry away what is still to be told, then be alone again."""
        transport, self.transport = self.transport, None
        if transport is None:
            return
        if self.courier is not None:
            self.outgoing.put(None)
            self.courier.join(DRAIN)
        if self.receiver is not None:
            self.receiver.join(DRAIN)
        self.courier = self.receiver = None
        transport.close()

    def _listen(self, topic: str) -> None:
        assert self.transport is not None
        self.transport.listen(topic)
        if self.receiver is None:
            arguments = (self.transport,)
            self.receiver = threading.Thread(target=self._receive, args=arguments, name="bus-in", daemon=True)
            self.receiver.start()

    def _start_courier(self, transport: Transport) -> None:
        with self.lock:
            if self.courier is None:
                arguments = (transport,)
                self.courier = threading.Thread(
                    target=self._carry, args=arguments, name="bus-out", daemon=True
                )
                self.courier.start()

    def _queue(self, topic: str, text: str) -> None:
        try:
            self.outgoing.put_nowait((topic, text))
        except queue.Full:
            log.warning("the bus is blocked: a message about %s is lost", topic)

    def _carry(self, transport: Transport) -> None:
        while (item := self.outgoing.get()) is not None:
            try:
                transport.send(*item)
            except Exception as error:  # each transport fails in its own way; the next may get through
                log.warning("the bus carries nothing: %s", error)

    def _receive(self, transport: Transport) -> None:
        while self.transport is transport:
            for item in transport.receive():
                if item is None:
                    self.on_gap()
                else:
                    self._take_in(*item)

    def _take_in(self, topic: str, text: str) -> None:
        sender, _, piece = text.partition("|")
        handler = self.handlers.get(topic)
        if sender == self.name or handler is None:
            return
        whole = self.collector.add(sender, piece)
        if whole is not None:
            self._hand_over(handler, topic, json.loads(whole))

    def _hand_over(self, handler: Handler, topic: str, message: Message) -> None:
        try:
            handler(message)
        except Exception:  # who publishes has nothing to do with who listens
            log.exception("a message about %s was not understood", topic)


bus = Bus()


def connect(config: Config) -> None:
    """Let this process reach the others of its desk, and be reached."""
    bus.connect(_transport_for(config))
    atexit.register(bus.close)


def _transport_for(config: Config) -> Transport:
    if config.redis_url is not None:
        return RedisTransport(config.redis_url, mark=config.secret_key)
    if config.is_sqlite:
        return UnixTransport(folder_for(config.data_dir), bus.name)
    return PostgresqlTransport(config.libpq_url)
