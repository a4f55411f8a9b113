"""The sockets of this process: who is in which room, and what is waiting to be written to each."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import MutableMapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from dashboard.realtime.bus.exchange import Bus
from dashboard.realtime.bus.exchange import Message
from dashboard.realtime.bus.topics import ROOMS
from dashboard.realtime.rooms import Claim
from dashboard.realtime.rooms import Guest
from dashboard.realtime.rooms import Sight

LONGEST_QUEUE = (
    256  # frames that wait for one socket; who reads so little is cut off, comes back and asks anew
)
LARGEST_QUEUE = 8 << 20  # bytes that wait for one socket, besides

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
WriteNow = Callable[[Sequence[bytes]], bool]


class Outlet:
    """The writing side of one socket. Nobody who has something to say waits for whoever reads slowly."""

    def __init__(self, send: Send, *, write_now: WriteNow, abort: Callable[[], None]) -> None:
        self.send = send
        self.write_now = write_now
        self.abort = abort
        self.waiting: deque[Sequence[bytes]] = deque()
        self.size = 0
        self.writer: asyncio.Task[None] | None = None
        self.is_cut = False

    def write(self, *parts: bytes) -> None:
        """Send a text when its turn has come, mostly at once. It comes in parts, because of an event for a
        thousand sockets the largest is the same for all."""
        if self.is_cut or (self.writer is None and self.write_now(parts)):
            return
        if len(self.waiting) >= LONGEST_QUEUE or (self.waiting and self.size > LARGEST_QUEUE):
            self.cut()
            return
        self.waiting.append(parts)
        self.size += sum(map(len, parts))
        if self.writer is None:
            self.writer = asyncio.create_task(self._write())

    def cut(self) -> None:
        """Give it up: what waits is thrown away, and the connection is reset."""
        self.is_cut = True
        self.waiting.clear()
        if self.writer is not None:
            self.writer.cancel()
        self.abort()

    async def drain(self, *, seconds: float) -> None:
        """Let what waits be written."""
        if self.writer is not None:
            await asyncio.wait({self.writer}, timeout=seconds)

    async def _write(self) -> None:
        try:
            while self.waiting:
                parts = self.waiting.popleft()
                self.size -= sum(map(len, parts))
                await self.send({"type": "websocket.send", "text": b"".join(parts).decode()})
        except Exception:  # the socket is gone; whoever serves it finds out by itself
            self.is_cut = True
            self.waiting.clear()
        finally:
            self.writer = None


@dataclass(eq=False)
class Subscription:
    """One guest by one identifier on one socket. `beginning` is that of each frame for it; `end(reason,
    reconnect)` sends it away."""

    outlet: Outlet
    identifier: str
    claim: Claim
    guest: Guest
    end: Callable[[str, bool], None]
    beginning: bytes = b""
    sight: Sight | None = None  # the conversation that it shows
    looks: int = 0  # how often it is just being looked up whether it may be there
    held: list[tuple[bytes, Iterable[str], Iterable[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.beginning = f'{{"identifier":{json.dumps(self.identifier)},"message":'.encode()

    @property
    def rooms(self) -> frozenset[str]:
        return self.guest.rooms | {self.sight.room} if self.sight else self.guest.rooms

    def hear(self, text: bytes, to: Iterable[str], but: Iterable[str] = ()) -> None:
        """Take an event for these rooms without those; while it is looked up where one may be, it waits."""
        if self.looks:
            self.held.append((text, to, but))
        else:
            self.tell(text)

    def release(self) -> None:
        """What has waited is heard, where one is in its rooms now."""
        self.looks -= 1
        if not self.looks:
            for text, to, but in self.held:
                if not self.rooms.isdisjoint(to) and self.rooms.isdisjoint(but):
                    self.tell(text)
            self.held.clear()

    def tell(self, text: bytes) -> None:
        """Send an event, which is JSON already."""
        self.outlet.write(self.beginning, text, b"}")


class Hub:
    """Lives on the event loop; `hear` alone may be called from elsewhere."""

    def __init__(self, bus: Bus, loop: asyncio.AbstractEventLoop) -> None:
        self.bus = bus
        self.loop = loop
        self.rooms: dict[str, set[Subscription]] = {}
        self.subscriptions: set[Subscription] = set()
        self.undecided: set[Subscription] = set()  # may be let into other rooms in a moment

    def join(self, subscription: Subscription) -> None:
        """From now on it hears what is said in its rooms."""
        if not self.subscriptions:
            self.bus.listen(ROOMS, self.hear)
        self.subscriptions.add(subscription)
        self._enter(subscription)

    def leave(self, subscription: Subscription) -> None:
        """It hears no more; where nobody listens, nobody need tell anything."""
        if subscription in self.subscriptions:
            self.subscriptions.discard(subscription)
            self.undecided.discard(subscription)
            self._go_out(subscription)
            if not self.subscriptions:
                self.bus.hush(ROOMS)

    def hold(self, subscriptions: Iterable[Subscription], *, may_gain: bool) -> list[Subscription]:
        """Let them hear nothing until it is known what they may; who may gain rooms misses nothing there."""
        held = list(subscriptions)
        for subscription in held:
            subscription.looks += 1
        if may_gain:
            self.undecided.update(held)
        return held

    def release(self, subscription: Subscription) -> None:
        """It is known now: let it hear what has waited."""
        subscription.release()
        if not subscription.looks:
            self.undecided.discard(subscription)

    def move(self, subscription: Subscription, guest: Guest) -> None:
        """Let it be in other rooms."""
        if guest.rooms != subscription.guest.rooms:
            self._go_out(subscription)
            subscription.guest = guest
            self._enter(subscription)

    def turn(self, subscription: Subscription, sight: Sight | None) -> None:
        """Let it be among those who have another conversation before them."""
        self._go_out(subscription)
        subscription.sight = sight
        self._enter(subscription)

    def people_in(self, rooms: Iterable[str]) -> set[Subscription]:
        """Everybody in one of these rooms, each once."""
        found: set[Subscription] = set()
        for room in rooms:
            found |= self.rooms.get(room, set())
        return found

    def hear(self, message: Message) -> None:
        """Take what the bus brings, in any thread."""
        with suppress(RuntimeError):  # the loop has ended
            self.loop.call_soon_threadsafe(self.deliver, message)

    def deliver(self, message: Message) -> None:
        """Write each text to everybody in its rooms but those in the rooms of `but`."""
        for text, to, but in message["deliveries"]:
            content = text.encode()
            for subscription in self.people_in(to) - self.people_in(but) | self.undecided:
                subscription.hear(content, to, but)

    def _enter(self, subscription: Subscription) -> None:
        for room in subscription.rooms:
            self.rooms.setdefault(room, set()).add(subscription)

    def _go_out(self, subscription: Subscription) -> None:
        for room in subscription.rooms:
            members = self.rooms[room]
            members.discard(subscription)
            if not members:
                del self.rooms[room]
