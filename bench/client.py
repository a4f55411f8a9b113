"""A small HTTP client that costs little itself: raw requests over kept connections of this machine."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop

TOO_LONG = 60.0


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes

    def header_lines(self, name: str) -> list[str]:
        lines = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return [value.strip() for key, _, value in lines if key.lower() == name]


@dataclass(frozen=True)
class Timing:
    """How long the requests of one run took, each."""

    milliseconds: list[float]
    statuses: dict[int, int]

    @property
    def p50(self) -> float:
        return self._at(0.5)

    @property
    def p95(self) -> float:
        return self._at(0.95)

    @property
    def p99(self) -> float:
        return self._at(0.99)

    def _at(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def __add__(self, other: "Timing") -> "Timing":
        statuses = dict(self.statuses)
        for status, count in other.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
        return Timing(self.milliseconds + other.milliseconds, statuses)


NOTHING = Timing([], {})


def raw(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: en"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(port: int, request: bytes) -> Answer:
    """One request, answered."""
    return uvloop.run(ask_once(port, request))


def load(port: int, requests: Sequence[bytes], *, concurrency: int) -> Timing:
    """Send all of them, so many at a time, each as soon as an earlier one is answered."""
    return uvloop.run(load_from(port, requests, concurrency=concurrency))


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self.received = bytearray()
        self.answered: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.received[:end].decode("latin-1")
        length = head.lower().partition("content-length:")[2].partition("\r\n")[0]
        if len(self.received) - end - 4 < int(length or 0):
            return
        answer = Answer(int(head[9:12]), head, bytes(self.received[end + 4 :]))
        self.received.clear()
        if self.answered and not self.answered.done():
            self.answered.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self.answered and not self.answered.done():
            self.answered.set_exception(error or ConnectionError("the server hung up"))

    async def ask(self, request: bytes) -> Answer:
        self.answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)  # type: ignore[attr-defined]
        async with asyncio.timeout(TOO_LONG):
            return await self.answered


async def _connect(port: int) -> _Connection:
    _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port)
    return connection


async def ask_once(port: int, request: bytes) -> Answer:
    """One request, for who has a loop already."""
    connection = await _connect(port)
    answer = await connection.ask(request)
    connection.transport.close()
    return answer


async def load_from(port: int, requests: Sequence[bytes], *, concurrency: int) -> Timing:
    """Many, for who has a loop already."""
    waiting = iter(requests)
    milliseconds: list[float] = []
    statuses: dict[int, int] = {}

    async def work() -> None:
        connection = await _connect(port)
        for request in waiting:
            started = time.perf_counter()
            answer = await connection.ask(request)
            milliseconds.append((time.perf_counter() - started) * 1000)
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
        connection.transport.close()

    await asyncio.gather(*(work() for _ in range(concurrency)))
    return Timing(milliseconds, statuses)
