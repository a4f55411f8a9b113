"""HTTP as uvicorn reads it, with an end to what a client may send beside a body."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 128 << 10  # bytes of the first line and the headers; proxies allow a quarter of it
FRAMING = 8  # bytes around each byte of a body, which may come in the smallest of chunks

_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """The parser keeps every header until the last one has come: without an end they fill the memory."""

    beside_body = 0
    body_size = 0

    def data_received(self, data: bytes) -> None:
        self.beside_body += len(data)
        super().data_received(data)
        if self.beside_body > LARGEST_HEAD + FRAMING * self.body_size and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.beside_body = self.body_size = 0

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self.beside_body -= len(body)
        self.body_size += len(body)

    def _refuse(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_REFUSAL)
        self.transport.close()
