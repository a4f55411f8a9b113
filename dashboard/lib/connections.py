"""Connections to places that were looked at: pinned to their addresses, cut off at an end, kept for a moment.

Whether a place may be reached at all is looked at by who asks. A kept connection goes to an address that was
looked at when it was made, and is taken again only where the place still has that address.
"""

import socket
import ssl
import threading
import time
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPConnection
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError

CONNECT_TIMEOUT = 5.0  # seconds, for each address
READ_TIMEOUT = 5.0  # seconds without a byte
IDLE = 3.0  # seconds that a connection is kept: servers commonly close theirs after five
MOST_KEPT = 100
TICK = 0.05  # seconds between two looks at what must come to an end


@dataclass(frozen=True)
class Place:
    """Whom to ask: `trust` is of https only."""

    scheme: str
    host: str
    port: int
    trust: ssl.SSLContext | None


class _Pinned:
    """Connects to the addresses that were looked at, whatever the name means by now."""

    addresses: Sequence[Any] = ()  # as `socket.getaddrinfo` tells them
    address: Any = None  # of these, the one that it goes to
    end = 0.0  # of the monotonic clock: then whatever goes on is cut off
    kept_until = 0.0
    is_cut_off = False
    wire: socket.socket | None = None  # a second handle on what TLS wraps up

    def _new_conn(self) -> socket.socket:
        failure: OSError = TimeoutError()
        for family, kind, protocol, _, address in self.addresses:
            left = min(self.end - time.monotonic(), CONNECT_TIMEOUT)
            if left <= 0:
                break
            wire = socket.socket(family, kind, protocol)
            try:
                wire.settimeout(left)
                wire.connect(address)
            except OSError as error:
                wire.close()
                failure = error
            else:
                wire.settimeout(READ_TIMEOUT)
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.address, self.wire = address, wire.dup()
                return wire
        raise failure

    def cut_off(self) -> None:
        self.is_cut_off = True
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)

    def drop(self) -> None:
        """Close it, with the second handle: the library closes its own where the answer has no length."""
        self.close()  # type: ignore[attr-defined]
        if self.wire is not None:
            self.wire.close()
            self.wire = None


class _Http(_Pinned, HTTPConnection):
    pass


class _Https(_Pinned, HTTPSConnection):
    pass


Connection = _Http | _Https


def connection_to(place: Place, addresses: Sequence[Any]) -> Connection:
    """A new one; it is made when it is first used."""
    connection: Connection
    if place.scheme == "https":
        connection = _Https(place.host, place.port, timeout=READ_TIMEOUT, ssl_context=place.trust)
    else:
        connection = _Http(place.host, place.port, timeout=READ_TIMEOUT)
    connection.addresses = addresses
    return connection


class _Watch:
    """A socket's time-out begins anew with each byte: who sends one now and then is cut off at the end.

    One thread looks after all that is going on, and ends when nothing is.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.watched: set[Connection] = set()
        self.is_awake = False

    @contextmanager
    def until(self, end: float, connection: Connection) -> Iterator[None]:
        connection.end, connection.is_cut_off = end, False
        with self.lock:
            self.watched.add(connection)
            if not self.is_awake:
                self.is_awake = True
                threading.Thread(target=self._look, name="cut-off", daemon=True).start()
        try:
            yield
        finally:
            with self.lock:
                self.watched.discard(connection)

    def _look(self) -> None:
        while True:
            time.sleep(TICK)
            with self.lock:
                if not self.watched:
                    self.is_awake = False
                    return
                for connection in self.watched:
                    if connection.end <= time.monotonic():
                        connection.cut_off()


_watch = _Watch()


@contextmanager
def cut_off_at(end: float, connection: Connection) -> Iterator[None]:
    """Whatever goes on over it ends by then.

    Raises:
        TimeoutError: it was cut off, whichever way that showed.
    """
    try:
        with _watch.until(end, connection):
            yield
        if connection.is_cut_off:
            raise TimeoutError
    except BaseException as error:
        connection.drop()
        if connection.is_cut_off and isinstance(error, OSError | HTTPError | HTTPException | ValueError):
            raise TimeoutError from None
        raise


@contextmanager
def only_until(end: float, connection: Connection) -> Iterator[None]:
    """The same for a connection that is used once."""
    try:
        with cut_off_at(end, connection):
            yield
    finally:
        connection.drop()


class Shelf:
    """The connections that are kept. One thread closes those nobody came for, and ends with them."""

    def __init__(self) -> None:
        self.kept: dict[Place, list[Connection]] = {}
        self.lock = threading.Lock()
        self.is_awake = False

    def take(self, place: Place, addresses: Collection[Any]) -> Connection | None:
        """One to this place that is as good as new, at one of these addresses."""
        while True:
            with self.lock:
                if not self.kept.get(place):
                    return None
                connection = self.kept[place].pop()
            is_young = connection.kept_until > time.monotonic()
            if is_young and connection.address in addresses and connection.is_connected:
                return connection
            connection.drop()

    def put(self, place: Place, connection: Connection) -> None:
        """Keep it for a moment."""
        with self.lock:
            if sum(map(len, self.kept.values())) < MOST_KEPT:
                connection.kept_until = time.monotonic() + IDLE
                self.kept.setdefault(place, []).append(connection)
                if not self.is_awake:
                    self.is_awake = True
                    threading.Thread(target=self._close_idle, name="kept", daemon=True).start()
                return
        connection.drop()

    def clear(self) -> None:
        """Keep none of them."""
        for connection in self._let_go(after=float("inf")):
            connection.drop()

    def _close_idle(self) -> None:
        while self.is_awake:
            time.sleep(1)
            for connection in self._let_go(after=time.monotonic()):
                connection.drop()

    def _let_go(self, *, after: float) -> list[Connection]:
        """Those that were to be kept until then, and are not any more."""
        with self.lock:
            all_kept = [(place, each) for place, some in self.kept.items() for each in some]
            self.kept = {}
            for place, each in all_kept:
                if each.kept_until > after:
                    self.kept.setdefault(place, []).append(each)
            self.is_awake = self.is_awake and bool(self.kept)
        return [each for _, each in all_kept if each.kept_until <= after]
