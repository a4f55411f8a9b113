"""The head of an HTTP answer as it came: every header, however many, however long, in whatever bytes."""

import re
import socket

LARGEST = 256 << 10  # bytes; browsers take no more either
_PIECE = 16 << 10
_MOST_INTERIM = 8  # answers such as 103 that only announce the answer
_STATUS = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([1-9][0-9]{2})(?![0-9])")
_END = re.compile(rb"\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")

Head = tuple[int, list[tuple[str, str]]]


class NotHttp(ValueError):
    """This is no head of an answer."""


class TooLarge(NotHttp):
    """More than any browser reads."""


def read_head(wire: socket.socket) -> Head:
    """Status and headers; nothing of what follows is looked at.

    Raises:
        NotHttp: it is none.
        OSError: the connection broke.
    """
    content = bytearray()
    for _ in range(_MOST_INTERIM):
        end = _end_of_head(wire, content)
        status, headers = parsed(bytes(content[:end]))
        if status >= 200:
            return status, headers
        del content[:end]
    raise NotHttp("nothing but announcements")


def parsed(head: bytes) -> Head:
    """What a head says. Lines that go on below are put together, as browsers do."""
    found = _STATUS.match(head)
    if found is None:
        raise NotHttp("no status")
    lines = _FOLD.sub(" ", head.decode("latin-1")).split("\n")[1:]
    pairs = [line.partition(":") for line in lines if ":" in line]
    return int(found[1]), [(name.strip(" \t"), value.strip(" \t\r")) for name, _, value in pairs]


def _end_of_head(wire: socket.socket, content: bytearray) -> int:
    looked = 0
    while True:
        end = _END.search(content, max(looked - 3, 0))
        if end:
            return end.end()
        if not b"HTTP/".startswith(bytes(content[:5])):
            raise NotHttp("no status")
        if len(content) > LARGEST:
            raise TooLarge("the head has no end")
        looked = len(content)
        piece = wire.recv(_PIECE)
        if not piece:
            raise NotHttp("the head ends early")
        content += piece
