"""HTTP as uvicorn reads it, with an end to what is sent beside a body, and to how long a head may take."""

import asyncio
import socket
import struct
from collections.abc import Sequence

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

LARGEST_HEAD = 128 << 10  # bytes of the first line and the headers; proxies allow a quarter of it
LAST_WORD = 0.5  # seconds for a request on a connection that was opened just before the end
FRAMING = 8  # bytes around each byte of a body, which may come in the smallest of chunks

_AT_ONCE = struct.pack("ii", 1, 0)
_TEXT = 0x81  # the first byte of a frame that is a whole text
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class SocketProtocol(WebSocketsSansIOProtocol):
    """Tells the app how to reset a connection, because to close one whose other side reads nothing takes for
    ever; and how to write without waiting, because one message may be for a thousand sockets."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            means: dict[object, object] = {"abort": self.reset, "write_now": self.write_now}
            self.scope["extensions"]["deskframe.socket"] = means

    def reset(self) -> None:
        """Let go of the connection and of what the system still keeps for the other side, at once."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def write_now(self, parts: Sequence[bytes]) -> bool:
        """Write a text, which comes in parts, as one frame; False where the other side is not keeping up."""
        if not self.writable.is_set() or not self.handshake_complete or self.close_sent or self.disconnected:
            return False
        size = sum(map(len, parts))
        if size < 126:
            head = bytes((_TEXT, size))
        elif size < 1 << 16:
            head = bytes((_TEXT, 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((_TEXT, 127)) + size.to_bytes(8, "big")
        self.transport.writelines((head, *parts))
        return True


class BoundedProtocol(HttpToolsProtocol):
    """The parser keeps every header until the last one has come: without an end they fill the memory."""

    head_timeout = 20.0  # seconds, from the connection or a later request's first byte on
    beside_body = 0
    body_size = 0
    is_leaving = False
    patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_expecting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.beside_body += len(data)
        super().data_received(data)
        if self.beside_body > LARGEST_HEAD + FRAMING * self.body_size and not self.transport.is_closing():
            self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.beside_body = self.body_size = 0
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._stop_expecting()
        super().on_headers_complete()
        if self.is_leaving and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self.beside_body -= len(body)
        self.body_size += len(body)

    def shutdown(self) -> None:
        """Who has just connected, and was about to ask, is answered; then the connection ends."""
        if self.cycle is not None or self.transport.is_closing():
            super().shutdown()
            return
        self.is_leaving = True
        self.loop.call_later(LAST_WORD, self._leave)

    def _leave(self) -> None:
        if self.cycle is None:
            self.transport.close()

    def _expect_head(self) -> None:
        self._stop_expecting()
        self.patience = self.loop.call_later(self.head_timeout, self._refuse, _TOO_SLOW)

    def _stop_expecting(self) -> None:
        if self.patience is not None:
            self.patience.cancel()
            self.patience = None

    def _refuse(self, answer: bytes) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer)
        self.transport.close()
