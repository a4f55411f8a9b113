"""Small servers that other people run: they get what the desk sends, and misbehave when asked to."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes
    port: int = 0  # from which it came: the same for all that come over one connection


class Receiver:
    """`url("/hook")` is where it listens; `received` is what came; `status` is what it answers."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.received: list[Received] = []
        self.status = 200
        self.body = b"ok"
        self.wires: list[socket.socket] = []  # that were made to it
        self.moved: dict[str, str] = {}  # paths that are elsewhere by now
        self.hung_up: threading.Event | None = None
        self.released = threading.Event()
        self.going = threading.Event()
        self.going.set()
        self.watches: list[tuple[int | None, int, threading.Event]] = []
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.receiver = self
        self.scheme = "https" if context else "http"
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def hold_at(self, count: int | None, *, known: int = 0) -> threading.Event:
        """Set when that many requests have come, whose answers wait for `let_go()`; or, without holding any
        answer, when that many different deliveries have."""
        arrived = threading.Event()
        if count is not None:
            self.going.clear()
        self.watches.append((count, known, arrived))
        self._look()
        return arrived

    def hang_up_after(self) -> threading.Event:
        """Close the connection after the next answer, without having said so; set when it is closed."""
        self.hung_up = threading.Event()
        return self.hung_up

    def let_go(self) -> None:
        self.going.set()

    def note(self, request: Received) -> None:
        self.received.append(request)
        self._look()
        if not any(count is not None and len(self.received) < count for count, _, _ in self.watches):
            self.going.wait(30)

    def _look(self) -> None:
        numbers = {each.headers.get("x-chatwoot-delivery") for each in self.received}
        for count, known, arrived in self.watches:
            if (len(self.received) >= count) if count is not None else (len(numbers) >= known):
                arrived.set()

    def hang_up(self) -> None:
        """Close what was kept open for the next request."""
        for wire in self.wires:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self.released.set()
        self.going.set()
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def process_request(self, *which: Any) -> None:
        self.receiver.wires.append(which[0])
        super().process_request(*which)

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        receiver.note(
            Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body, self.client_address[1])
        )
        odd = {"/drip": self._drip, "/drip-headers": self._drip_headers, "/gone": self._hang_up}
        odd.get(self.path, self._answer)()

    def _answer(self) -> None:
        receiver = self.server.receiver
        where = {"/moved": receiver.url("/elsewhere"), "/round": "/round", **receiver.moved}.get(self.path)
        self.send_response(302 if where else receiver.status)
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Length", str(len(receiver.body)))
        self.end_headers()
        self.wfile.write(receiver.body)
        self.close_connection = receiver.hung_up is not None

    def finish(self) -> None:
        super().finish()
        if self.server.receiver.hung_up is not None:
            self.request.shutdown(socket.SHUT_RDWR)
            self.server.receiver.hung_up.set()

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._one_by_one(b"x")

    def _drip_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._one_by_one(b"X-More: x\r\n")

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.write(b"garbage\r\n\r\n")

    def _one_by_one(self, piece: bytes) -> None:
        for _ in range(100):
            self.wfile.write(piece)
            self.wfile.flush()
            if self.server.receiver.released.wait(0.1):
                return

    def log_message(self, *_: object) -> None:
        """The tests say what went wrong."""


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver(context)
    try:
        yield receiver
    finally:
        receiver.stop()
