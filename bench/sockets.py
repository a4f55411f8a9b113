"""A crowd at `/cable`: what a thousand agents cost, and how soon the last of them has a message."""

import asyncio
import base64
import json
import os
import resource
import time
from dataclasses import dataclass
from dataclasses import field

import uvloop

from bench import client
from bench.lines import ADMIN
from bench.lines import AGENT
from bench.lines import API
from bench.lines import long_conversations
from bench.measure import Desk
from bench.processes import Server
from dashboard.accounts.models import User
from dashboard.extensions import db

AGENTS, MANY = 1_000, 5_000
MESSAGES = 20
AT_ONCE = 100  # connections that are being opened
REST = 10.0  # seconds of quiet
UNREAD_FOR = 60.0  # seconds that the deaf client has to be cut off
TOLD = b'"message":{"event":"message.created"'
PAUSE = 0.25  # seconds between two messages


@dataclass
class Crowds:
    """What one run has found out; times in milliseconds, from the request on."""

    to_answer: list[float] = field(default_factory=list)
    to_last: list[float] = field(default_factory=list)
    kb_a_socket: float = 0.0
    idle_percent: float = 0.0
    many_held: int = 0
    many_to_last: list[float] = field(default_factory=list)
    longest_gap: float = 0.0  # seconds between two pings, of the many
    beside_deaf: list[float] = field(default_factory=list)
    deaf_cut_after: int | None = None  # messages
    deaf_mb: float = 0.0


class _Ear(asyncio.Protocol):
    """One agent: counts what comes, and says when a message has come. It does not look into frames."""

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        self.let_in: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.messages = 0
        self.heard_at = 0.0
        self.pinged_at = 0.0
        self.longest_gap = 0.0
        self.tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        wanted = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key}
        self.transport.write(client.raw("GET", "/cable", {**wanted, "Sec-WebSocket-Version": "13"}))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        data = self.tail + data  # what is looked for may come in two parts
        self.tail = data[1 - len(TOLD) :]
        if TOLD in data:
            self.messages += data.count(TOLD)
            self.heard_at = now
        if b'{"type":"ping"' in data:
            if self.pinged_at:
                self.longest_gap = max(self.longest_gap, now - self.pinged_at)
            self.pinged_at = now
        if data.startswith(b"HTTP/1.1 101"):
            self.transport.write(_masked(json.dumps({"command": "subscribe", "identifier": self.identifier})))
        if not self.let_in.done() and b"confirm_subscription" in data:
            self.let_in.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.let_in.done():
            self.let_in.set_exception(error or ConnectionError("the server hung up"))
        if not self.ended.done():
            self.ended.set_result(None)


def measure_crowds(desk: Desk, server: Server) -> Crowds:
    """All of it, one after the other, on one server."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    found = Crowds()
    identifiers = _identifiers(desk)
    conversation = long_conversations(desk, AGENT)[0]
    token = desk.key_of(AGENT).token
    message = client.raw(
        "POST",
        f"{API}/1/conversations/{conversation}/messages",
        {"api_access_token": token},
        json.dumps({"content": "Your parcel is on its way, it should be there tomorrow."}).encode(),
    )
    for part in (_thousand, _five_thousand, _deaf):
        uvloop.run(part(found, server, identifiers, message))
    desk.clean()
    return found


async def _thousand(found: Crowds, server: Server, identifiers: list[str], message: bytes) -> None:
    await _leave(await _gather_crowd(server, identifiers, AT_ONCE))  # warm
    await _say(server, message)
    before = server.pss_mb()
    ears = await _gather_crowd(server, identifiers, AGENTS)
    await asyncio.sleep(3)
    found.kb_a_socket = (server.pss_mb() - before) * 1024 / AGENTS
    spent = server.cpu_ms()
    await asyncio.sleep(REST)
    found.idle_percent = (server.cpu_ms() - spent) / REST / 10
    for _ in range(MESSAGES):
        answered, last = await _tell(server, ears, message)
        found.to_answer.append(answered)
        found.to_last.append(last)
    await _leave(ears)


async def _five_thousand(found: Crowds, server: Server, identifiers: list[str], message: bytes) -> None:
    ears = await _gather_crowd(server, identifiers, MANY)
    await asyncio.sleep(REST)
    for _ in range(MESSAGES // 4):
        found.many_to_last.append((await _tell(server, ears, message))[1])
    found.many_held = sum(not ear.ended.done() for ear in ears)
    found.longest_gap = max(ear.longest_gap for ear in ears)
    await _leave(ears)


async def _deaf(found: Crowds, server: Server, identifiers: list[str], message: bytes) -> None:
    """One of a hundred reads nothing more, and there is much to read."""
    ears = await _gather_crowd(server, identifiers, AT_ONCE)
    [deaf] = await _gather_crowd(server, identifiers, 1)
    deaf.transport.pause_reading()
    before, long = server.pss_mb(), _longer(message)
    until, sent = time.perf_counter() + UNREAD_FOR, 0
    while time.perf_counter() < until:
        found.beside_deaf.append((await _tell(server, ears, long))[1])
        sent += 1
        found.deaf_mb = max(found.deaf_mb, server.pss_mb() - before) if sent % 50 == 0 else found.deaf_mb
        if sent % 10 == 0 and await _is_cut(deaf):
            found.deaf_cut_after = sent
            break
    await _leave([*ears, deaf])


async def _is_cut(deaf: _Ear) -> bool:
    """Whether the connection has been reset: its other end is no more in this machine's table."""
    peer = deaf.transport.get_extra_info("sockname")[1]
    lines = await asyncio.to_thread(lambda: open("/proc/net/tcp").read().splitlines()[1:])  # noqa: SIM115, PTH123
    return not any(int(line.split()[2].rpartition(":")[2], 16) == peer for line in lines)


async def _gather_crowd(server: Server, identifiers: list[str], number: int) -> list[_Ear]:
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)

    async def come(place: int) -> _Ear:
        async with gate:
            identifier = identifiers[place % len(identifiers)]
            _, ear = await loop.create_connection(lambda: _Ear(identifier), "127.0.0.1", server.port)
            await asyncio.wait_for(ear.let_in, client.TOO_LONG)
            return ear

    return list(await asyncio.gather(*(come(place) for place in range(number))))


async def _tell(server: Server, ears: list[_Ear], message: bytes) -> tuple[float, float]:
    """Post a message; how long until it is answered, and until the last one has it."""
    counts = [ear.messages for ear in ears]
    started = time.perf_counter()
    await _say(server, message)
    answered = time.perf_counter()
    while any(ear.messages == count for ear, count in zip(ears, counts, strict=True)):
        if time.perf_counter() - started > client.TOO_LONG:
            raise SystemExit("A message did not reach everybody.")
        await asyncio.sleep(0.002)
    last = max(ear.heard_at for ear in ears)
    await asyncio.sleep(PAUSE if len(ears) > AT_ONCE else 0)
    return (answered - started) * 1000, (last - started) * 1000


async def _say(server: Server, message: bytes) -> None:
    answer = await client.ask_once(server.port, message)
    if answer.status != 200:
        raise SystemExit(f"A message is answered with {answer.status}")


async def _leave(ears: list[_Ear]) -> None:
    for ear in ears:
        ear.transport.abort()
    await asyncio.sleep(1)


def _identifiers(desk: Desk) -> list[str]:
    """What agents who see the conversation send to be let in."""
    with desk.app.app_context():
        people = [db.session.query(User).filter_by(email=email).one() for email in (ADMIN, AGENT)]
        return [
            json.dumps(
                {
                    "channel": "RoomChannel",
                    "pubsub_token": person.pubsub_token,
                    "account_id": 1,
                    "user_id": person.id,
                }
            )
            for person in people
        ]


def _longer(message: bytes) -> bytes:
    head, _, _ = message.partition(b"\r\n\r\n")
    body = json.dumps({"content": "All of the terms and conditions. " * 1000}).encode()
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    return b"\r\n".join([*lines, f"Content-Length: {len(body)}".encode(), b"", body])


def _masked(text: str) -> bytes:
    """A text frame as clients must send it; the mask is none."""
    content = text.encode()
    size = len(content)
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + content
