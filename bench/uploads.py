"""Uploads: what 40 MB cost in memory, and what twenty slow ones cost whoever opens a page meanwhile."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextlib import suppress
from dataclasses import dataclass

import uvloop

from bench import client
from bench.client import NOTHING
from bench.client import Timing
from bench.lines import AGENT
from bench.lines import API
from bench.lines import LIST
from bench.lines import long_conversations
from bench.measure import Desk
from bench.measure import with_page_cookies
from bench.processes import Server

MEGABYTE = 2**20
SIZE_MB = 40
SLOW = 20
SIP, PAUSE = 16 * 1024, 0.1  # a slow one sends so many bytes, and waits so many seconds
PAGES = 40
ROUNDS = 4


@dataclass
class Uploads:
    """What one run has found out."""

    grown_mb: float  # the most that all processes together held more than before, while 40 MB came
    alone: Timing = NOTHING  # a page without uploads, and with the slow ones beside it
    beside: Timing = NOTHING


def measure_uploads(desk: Desk, server: Server) -> Uploads:
    """A whole file three times, the first one only to warm up; then pages by turns."""
    key = with_page_cookies(server, desk.key_of(AGENT), LIST)
    address = f"{API}/1/conversations/{long_conversations(desk, AGENT)[0]}/messages"
    pages = [client.raw("GET", LIST, {"Cookie": key.cookie})] * PAGES
    _send_whole(desk, server, address, key.token)
    found = Uploads(max(_send_whole(desk, server, address, key.token) for _ in range(2)))
    client.load(server.port, pages, concurrency=1)
    for _ in range(ROUNDS):
        found.alone += client.load(server.port, pages, concurrency=1)
        found.beside += uvloop.run(_load_beside(server, address, key.token, pages))
    return found


def _send_whole(desk: Desk, server: Server, address: str, token: str) -> float:
    before = server.pss_mb()
    most, message = uvloop.run(_send(server, address, token))
    answer = client.ask(
        server.port, client.raw("DELETE", f"{address}/{message}", {"api_access_token": token})
    )
    if answer.status != 200:
        raise SystemExit(f"Deleting a message is answered with {answer.status}")
    desk.clean()
    return most - before


async def _send(server: Server, address: str, token: str) -> tuple[float, int]:
    """As fast as it is taken; the memory is read at every megabyte and once it is answered."""
    most = 0.0
    async with _opened(server, address, token) as (reader, writer):
        for _ in range(SIZE_MB):
            writer.write(os.urandom(MEGABYTE))
            await writer.drain()
            most = max(most, server.pss_mb())
        writer.write(_END)
        async with asyncio.timeout(client.TOO_LONG):
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"An upload is answered with {head[:12]!r}")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            message = json.loads(await reader.readexactly(length))
    return max(most, server.pss_mb()), message["id"]


async def _load_beside(server: Server, address: str, token: str, pages: list[bytes]) -> Timing:
    slow = [asyncio.create_task(_sip(server, address, token)) for _ in range(SLOW)]
    await asyncio.sleep(1)
    try:
        return await client.load_from(server.port, pages, concurrency=1)
    finally:
        if any(upload.done() for upload in slow):
            raise SystemExit("A slow upload ended before its time.")
        for upload in slow:
            upload.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*slow)


async def _sip(server: Server, address: str, token: str) -> None:
    async with _opened(server, address, token) as (_, writer):
        while True:
            writer.write(os.urandom(SIP))
            await writer.drain()
            await asyncio.sleep(PAUSE)


_BORDER = "a-line-that-is-in-no-file"
_START = (
    f'--{_BORDER}\r\nContent-Disposition: form-data; name="attachments[]"; filename="film.bin"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
_END = f"\r\n--{_BORDER}--\r\n".encode()


@asynccontextmanager
async def _opened(
    server: Server, address: str, token: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    headers = {
        "api_access_token": token,
        "Content-Type": f"multipart/form-data; boundary={_BORDER}",
        "Content-Length": str(len(_START) + SIZE_MB * MEGABYTE + len(_END)),
    }
    writer.write(client.raw("POST", address, headers) + _START)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
