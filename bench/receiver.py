"""A receiver that costs little itself: `python -m bench.receiver`. It answers after 5 ms, and notes when what
came; below `/never` it does not answer at all. `GET /until/NAME/COUNT` is answered once so many have come to
addresses that begin with `/NAME`, with the moments of all of them."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvloop

from bench import client
from dashboard.config import CHECKOUT

ANSWER_AFTER = 0.005
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_HEAD = re.compile(rb"(\w+) /(\w*)/?([^ ]*) [^\0]*?content-length: *(\d+)", re.IGNORECASE)
_QUESTION = re.compile(rb"GET /until/(\w+)/(\d+) ")


class Receiver:
    """The process, seen from the bench."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def until(self, name: str, count: int) -> list[float]:
        """The moments, by `time.monotonic()`, at which they came; waits for so many."""
        answer = client.ask(self.port, client.raw("GET", f"/until/{name}/{count}", {}))
        return list(map(float, json.loads(answer.body)))


@contextmanager
def receiving() -> Iterator[Receiver]:
    command = [sys.executable, "-m", "bench.receiver"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Receiver(int(process.stdout.readline()))
        finally:
            process.kill()


_came: dict[str, list[float]] = {}
_asked: list[tuple[str, int, asyncio.WriteTransport]] = []


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)
        self.received = bytearray()

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        if question := _QUESTION.match(self.received):
            _asked.append((question[1].decode(), int(question[2]), self.transport))
            _tell_who_asked()
        elif (head := _HEAD.match(self.received)) and len(self.received) >= end + 4 + int(head[4]):
            self._note(head[2].decode())
        else:
            return
        self.received.clear()

    def _note(self, name: str) -> None:
        _came.setdefault(name, []).append(time.monotonic())
        if name != "never":
            asyncio.get_running_loop().call_later(ANSWER_AFTER, self.transport.write, ANSWER)
        if _asked:
            _tell_who_asked()


def _tell_who_asked() -> None:
    for question in list(_asked):
        name, count, transport = question
        if len(_came.get(name, [])) >= count:
            _asked.remove(question)
            body = json.dumps(_came.get(name, [])).encode()
            transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
