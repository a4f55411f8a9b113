"""Servers that break every rule: what each does with a request is a function of its connection."""

import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress

SIZE = 10 * 10**9  # bytes that `floods` announces, and would send
PIECE = b"x" * 65536
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
SOON = 10.0  # seconds: a time-out of tests, in which nothing should take long

Fault = Callable[["FaultyServer", socket.socket], None]


class FaultyServer:
    """`numbers` are the deliveries that came; `left` is set once somebody who sent one hung up."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.numbers: list[str] = []
        self.arrived = threading.Event()
        self.left = threading.Event()
        self.sent = 0  # bytes of answers that were taken
        self.open: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0), backlog=128)
        threading.Thread(target=self._welcome, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}/hook"

    def stop(self) -> None:
        for each in (self.door, *self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.door.accept()
                self.open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, EOFError), connection:
            self.numbers.append(_number_of(connection))
            self.arrived.set()
            self.fault(self, connection)


@contextmanager
def faulty(fault: Fault) -> Iterator[FaultyServer]:
    server = FaultyServer(fault)
    try:
        yield server
    finally:
        server.stop()


def is_silent(server: FaultyServer, connection: socket.socket) -> None:
    """No answer, for as long as somebody waits for it."""
    while connection.recv(65536):
        pass
    server.left.set()


def hangs_up(_: FaultyServer, __: socket.socket) -> None:
    """The request is taken, and the connection closed."""


def breaks_off(_: FaultyServer, connection: socket.socket) -> None:
    """Half of what was announced comes."""
    connection.sendall(HEAD % 1000 + b"x" * 500)


def answers_once(server: FaultyServer, connection: socket.socket) -> None:
    """The first connection is closed when it is used again, without a word."""
    connection.sendall(HEAD % 2 + b"ok")
    if len(server.numbers) == 1:
        server.numbers.append(_number_of(connection))


def has_moved(server: FaultyServer, connection: socket.socket) -> None:
    """For ever, to another path of its own."""
    connection.sendall(
        f"HTTP/1.1 301 Moved\r\nLocation: {server.url}/elsewhere\r\nContent-Length: 0\r\n\r\n".encode()
    )


def floods(server: FaultyServer, connection: socket.socket) -> None:
    """As much as is announced, as fast as it is taken."""
    try:
        connection.sendall(HEAD % SIZE)
        while server.sent < SIZE:
            server.sent += connection.send(PIECE)
    except OSError:
        server.left.set()


def _number_of(connection: socket.socket) -> str:
    """The number of the delivery that is asked for, once all of it is here."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    headers = {name: value.strip().decode() for name, _, value in lines}
    length = int(headers.get(b"content-length", "0"))
    while len(body) < length:
        body += _more(connection)
    return headers.get(b"x-chatwoot-delivery", "")


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    if not piece:
        raise EOFError
    return piece
