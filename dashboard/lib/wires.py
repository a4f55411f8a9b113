"""Connections over which bodies are posted, kept for a moment for whoever posts to the same place next.

Whether a place may be reached at all is looked at by who asks. A kept connection goes to an address that was
looked at when it was made, and is taken again only where the place still has that address.
"""

import select
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dashboard.lib.heads import NotHttp
from dashboard.lib.heads import end_of_head
from dashboard.lib.heads import parsed

CONNECT_TIMEOUT = 5.0  # seconds, for each address
READ_TIMEOUT = 5.0  # seconds without a byte
IDLE = 3.0  # seconds that a connection is kept: servers commonly close theirs after five
MOST_KEPT = 100
MOST_INTERIM = 8  # answers such as 103 that only announce the answer
PIECE = 64 << 10  # bytes that are read at a time
LONGEST_LINE = 1024  # that says how long the next chunk is


@dataclass(frozen=True)
class Place:
    """Whom to ask: `trust` is of https only."""

    scheme: str
    host: str
    port: int
    trust: ssl.SSLContext | None


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # by their names in small letters
    body: bytes
    is_whole: bool  # and the other side keeps the connection


class Gone(ConnectionResetError):
    """The other side closed it before it answered anything."""


class Wire:
    """A connection; every wait on it ends at `end`, however slowly the other side drips."""

    def __init__(self, wire: socket.socket, address: Any) -> None:
        self.wire = wire
        self.address = address
        self.content = bytearray()
        self.end = 0.0
        self.kept_until = 0.0

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come since the last answer: an end would have, and what nobody asked for."""
        watch = select.poll()
        watch.register(self.wire, select.POLLIN)
        return not watch.poll(0)

    def ask(self, request: bytes, *, end: float, most: int) -> Reply:
        """Send a request and read what is answered, of the body no more than that."""
        self.end = end
        try:
            self._send(request)
            is_open, status, headers = self._head()
        except (ConnectionError, ssl.SSLEOFError):
            if self.content:
                raise
            raise Gone from None
        body, is_whole = self._body(status, headers, most)
        is_open = is_open and "close" not in headers.get("connection", "").lower()
        return Reply(status, headers, body, is_open and is_whole and not self.content)

    def close(self) -> None:
        with suppress(OSError):
            self.wire.close()

    def recv(self, most: int) -> bytes:
        self._wait()
        return self.wire.recv(most)

    def _wait(self) -> None:
        """A socket's time-out begins anew with each byte: it is set to what is left each time."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.wire.settimeout(min(left, READ_TIMEOUT))

    def _send(self, request: bytes) -> None:
        rest = memoryview(request)
        while rest:
            self._wait()
            rest = rest[self.wire.send(rest) :]

    def _head(self) -> tuple[bool, int, dict[str, str]]:
        """Whether the connection may stay open, the status, and the headers."""
        self._more()
        if not self.content:
            raise Gone
        for _ in range(MOST_INTERIM):
            end = end_of_head(self, self.content)
            is_open = self.content.startswith(b"HTTP/1.1")
            status, pairs = parsed(bytes(self.content[:end]))
            del self.content[:end]
            if status >= 200:
                return is_open, status, {name.lower(): value for name, value in pairs}
        raise NotHttp("nothing but announcements")

    def _body(self, status: int, headers: dict[str, str], most: int) -> tuple[bytes, bool]:
        """As much of it as is wanted, and whether that is all."""
        if status in {204, 304}:
            return b"", True
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._chunks(most)
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit():
            size = int(length)
            return self._take(min(size, most)), size <= most
        while len(self.content) < most and self._more():
            pass
        return self._take(min(len(self.content), most)), False

    def _chunks(self, most: int) -> tuple[bytes, bool]:
        body = bytearray()
        while len(body) < most:
            size = self._size_of_chunk()
            if size == 0:
                while self._line():  # trailers
                    pass
                return bytes(body), True
            wanted = min(size, most - len(body))
            body += self._take(wanted)
            if wanted < size or self._line():
                break
        return bytes(body), False

    def _size_of_chunk(self) -> int:
        try:
            size = int(self._line().partition(b";")[0], 16)
        except ValueError:
            raise NotHttp("no chunk") from None
        return max(size, 0)

    def _line(self) -> bytes:
        while (end := self.content.find(b"\r\n")) < 0:
            if len(self.content) > LONGEST_LINE or not self._more():
                raise NotHttp("a chunk ends early")
        line = bytes(self.content[:end])
        del self.content[: end + 2]
        return line

    def _take(self, size: int) -> bytes:
        while len(self.content) < size:
            if not self._more():
                raise ConnectionResetError("the answer ends early")
        taken = bytes(self.content[:size])
        del self.content[:size]
        return taken

    def _more(self) -> bool:
        piece = self.recv(PIECE)
        self.content += piece
        return bool(piece)


class Shelf:
    """The connections that are kept. One thread closes those for which nobody has come; it ends with them."""

    def __init__(self) -> None:
        self.kept: dict[Place, list[Wire]] = {}
        self.lock = threading.Lock()
        self.closer: threading.Thread | None = None

    def take(self, place: Place, addresses: Sequence[Any]) -> Wire | None:
        """One to this place that is as good as new, at one of these addresses."""
        while True:
            with self.lock:
                wires = self.kept.get(place)
                if not wires:
                    return None
                wire = wires.pop()
            if wire.address in addresses and wire.kept_until > time.monotonic() and wire.is_silent:
                return wire
            wire.close()

    def put(self, place: Place, wire: Wire) -> None:
        """Keep it for a moment."""
        with self.lock:
            if sum(map(len, self.kept.values())) < MOST_KEPT:
                wire.kept_until = time.monotonic() + IDLE
                self.kept.setdefault(place, []).append(wire)
                if self.closer is None:
                    self.closer = threading.Thread(target=self._close_idle, name="wires", daemon=True)
                    self.closer.start()
                return
        wire.close()

    def clear(self) -> None:
        """Keep none of them."""
        with self.lock:
            wires = [wire for some in self.kept.values() for wire in some]
            self.kept.clear()
        for wire in wires:
            wire.close()

    def _close_idle(self) -> None:
        while self.closer is not None:
            time.sleep(1)
            for wire in self._idle():
                wire.close()

    def _idle(self) -> list[Wire]:
        now = time.monotonic()
        with self.lock:
            all_kept = [(place, wire) for place, wires in self.kept.items() for wire in wires]
            self.kept = {}
            for place, wire in all_kept:
                if wire.kept_until > now:
                    self.kept.setdefault(place, []).append(wire)
            if not self.kept:
                self.closer = None
        return [wire for _, wire in all_kept if wire.kept_until <= now]


def connected(place: Place, addresses: Sequence[Any], *, end: float) -> Wire:
    """A new connection to the first of these addresses that answers."""
    failure: OSError = TimeoutError()
    for family, kind, protocol, _, address in addresses:
        left = min(end - time.monotonic(), CONNECT_TIMEOUT)
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
            return Wire(_wrapped(wire, place, end), address)
    raise failure


def _wrapped(wire: socket.socket, place: Place, end: float) -> socket.socket:
    try:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if place.trust is None:
            return wire
        wire.settimeout(max(min(end - time.monotonic(), READ_TIMEOUT), 0.001))
        return place.trust.wrap_socket(wire, server_hostname=place.host)
    except BaseException:
        wire.close()
        raise
