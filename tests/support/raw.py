"""Servers that answer with exactly these bytes, whatever HTTP thinks of them."""

import socket
import ssl
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def page(*headers: str, status: str = "200 OK") -> bytes:
    """An answer with these header lines and a short body."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", *headers, "", "<!doctype html>"]
    return "\r\n".join(lines).encode("latin-1")


class RawServer:
    """`answers` has bytes for a path, or somebody who speaks to the client; `asked` is what came."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, bytes | Callable[[socket.socket], None]] = {}
        self.asked: list[str] = []
        self.ended = threading.Event()
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "") -> str:
        return f"{scheme or ('https' if self.context else 'http')}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.split(" ")[1] for request in self.asked]

    def stop(self) -> None:
        self.ended.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._speak, args=(wire,), daemon=True).start()

    def _speak(self, wire: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self.context:
                wire = self.context.wrap_socket(wire, server_side=True)
            request = b""
            while b"\r\n\r\n" not in request:
                piece = wire.recv(65536)
                if not piece:
                    return
                request += piece
            self.asked.append(request.decode())
            answer = self.answers.get(self.paths[-1], PLAIN)
            if callable(answer):
                answer(wire)
            else:
                wire.sendall(answer)
        with suppress(OSError):
            wire.close()


@contextmanager
def answering(context: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    server = RawServer(context)
    try:
        yield server
    finally:
        server.stop()
