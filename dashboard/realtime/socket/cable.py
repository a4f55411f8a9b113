"""`/cable`: ActionCable's protocol, on the event loop. What asks the database does so in threads."""

import asyncio
import logging
import time
from collections.abc import Callable
from collections.abc import Coroutine
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextlib import suppress
from typing import Any

from dashboard.extensions import write_intent
from dashboard.lib import clock
from dashboard.realtime.bus.exchange import Bus
from dashboard.realtime.bus.exchange import Message
from dashboard.realtime.bus.topics import ACCESS
from dashboard.realtime.hub import Hub
from dashboard.realtime.hub import Subscription
from dashboard.realtime.presence import presence
from dashboard.realtime.rooms import Claim
from dashboard.realtime.rooms import Guest
from dashboard.realtime.rooms import guest_of
from dashboard.realtime.socket.company import Company
from dashboard.realtime.socket.connection import Connection
from dashboard.realtime.socket.connection import Receive
from dashboard.realtime.socket.connection import Scope
from dashboard.realtime.socket.connection import Send
from dashboard.realtime.socket.frames import header_of
from dashboard.realtime.socket.frames import json_of

PROTOCOLS = ("actioncable-v1-json", "actioncable-unsupported")
PING_EVERY = 3.0  # seconds; clients give up after six without a word
PINGS_AT_ONCE = 200
NOBODY_FOR = 60.0  # seconds that a socket may be open without a subscription
LOOK_AGAIN_EVERY = 300.0  # seconds: a browser's session ends by itself too
THREADS = 4

log = logging.getLogger(__name__)


class Cable:
    """All sockets of this process. `context` gives each look at the database a session of its own;
    `read_cookie` reads the token of a browser's session out of a Cookie header."""

    def __init__(
        self,
        bus: Bus,
        *,
        context: Callable[[], AbstractContextManager[Any]],
        read_cookie: Callable[[str], str | None],
        public_url: str | None,
        most_sockets: int,
    ) -> None:
        self.bus = bus
        self.context = context
        self.read_cookie = read_cookie
        self.public_url = public_url
        self.most_sockets = most_sockets
        self.connections: set[Connection] = set()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="cable")
        self.changes = 0  # how often somebody's access has changed
        self.tasks: set[asyncio.Task[None]] = set()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, from its handshake to its end."""
        await receive()
        if len(self.connections) >= self.most_sockets:
            await _refuse(send, 503)
            return
        if not self.tasks:
            self._begin()
        offered = scope.get("subprotocols", ())
        chosen = next((name for name in PROTOCOLS if name in offered), None)
        await send({"type": "websocket.accept", "subprotocol": chosen})
        connection = Connection(self, scope, send)
        self.connections.add(connection)
        try:
            await connection.serve(receive)
        finally:
            self.connections.discard(connection)
            connection.leave()

    async def end(self, reason: str) -> None:
        """Tell everybody to come back: another process takes over."""
        for connection in list(self.connections):
            connection.say({"type": "disconnect", "reason": reason, "reconnect": True})
        await asyncio.gather(*(connection.outlet.drain(seconds=1) for connection in self.connections))

    async def guest_of(self, claim: Claim) -> Guest | None:
        """Who that is, asked again where somebody's access changes in the meantime."""
        while True:
            changes = self.changes
            found: Guest | None = await self.ask(guest_of, claim)
            if changes == self.changes:
                return found

    async def presence_of(self, guest: Guest) -> bytes:
        """Who is there, as the event that somebody gets who has just shown to be there."""
        users = await self.ask(presence.users_of, guest.account_id)
        data = {"account_id": guest.account_id, "users": users}
        if guest.user_id is not None:
            data["contacts"] = dict.fromkeys(presence.contacts_of(guest.account_id), "online")
        return json_of({"event": "presence.update", "data": data})

    async def ask(self, question: Callable[[Any], Any], subject: Any) -> Any:
        """Have something looked up in the database, in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self._ask, question, subject)

    def session_token_of(self, scope: Scope) -> str | None:
        """The token of the browser's session, where the page that connects is one of ours."""
        cookie = header_of(scope, b"cookie")
        return self.read_cookie(cookie) if cookie and self._is_own_origin(scope) else None

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _is_own_origin(self, scope: Scope) -> bool:
        origin, host = header_of(scope, b"origin"), header_of(scope, b"host")
        return bool(origin) and origin in {self.public_url, f"http://{host}", f"https://{host}"}

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.hub = Hub(self.bus, loop)
        self.company = Company(self.hub, self.ask)
        presence.on_news = lambda message: _in_loop(loop, self.company.hear, message)
        self.bus.listen(ACCESS, lambda message: _in_loop(loop, self._access_changed, message))
        self.bus.on_gap = lambda: _in_loop(loop, self._send_all_back, {})
        self.start(self._ping())
        self.start(self.company.tell())
        self.start(self.company.renew())
        self.start(self._look_again_now_and_then())

    def _ask(self, question: Callable[[Any], Any], subject: Any) -> Any:
        write_intent.set(False)
        with self.context():
            return question(subject)

    def _access_changed(self, message: Message) -> None:
        self.changes += 1
        concerned = self.hub.people_in(message["rooms"])
        self.start(self._look_again_at(self.hub.hold(concerned, may_gain=True)))

    def _send_all_back(self, _: Message) -> None:
        """Something may not have been heard: whoever comes back asks for what came after its last."""
        for connection in list(self.connections):
            connection.end("missed_events", reconnect=True)

    async def _look_again_at(self, subscriptions: Iterable[Subscription]) -> None:
        """Whoever may not be there any more is sent away; who may be elsewhere now, is."""
        for subscription in subscriptions:
            try:
                guest = await self.guest_of(subscription.claim)
            except Exception:  # the database may be away; who is not known to have the right hears no more
                log.exception("whether somebody may still listen could not be looked up")
                subscription.end("error", True)
                continue
            if subscription in self.hub.subscriptions:
                self._settle(subscription, guest)

    def _settle(self, subscription: Subscription, guest: Guest | None) -> None:
        if guest is None:
            subscription.end("unauthorized", False)
        elif guest.role != subscription.guest.role:
            subscription.end("role_changed", True)
        else:
            self.hub.move(subscription, guest)
            self.company.check(subscription)
            self.hub.release(subscription)

    async def _look_again_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_EVERY)
            by_session = [each for each in self.hub.subscriptions if each.claim.session_token]
            await self._look_again_at(self.hub.hold(by_session, may_gain=False))

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY)
            text = json_of({"type": "ping", "message": clock.epoch(clock.now())})
            for number, connection in enumerate(list(self.connections)):
                connection.outlet.write(text)
                if not connection.subscriptions and time.monotonic() - connection.quiet_since > NOBODY_FOR:
                    connection.end("no_subscription", reconnect=False)
                if number % PINGS_AT_ONCE == PINGS_AT_ONCE - 1:
                    await asyncio.sleep(0)


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "websocket.http.response.start", "status": status, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})


def _in_loop(loop: asyncio.AbstractEventLoop, work: Callable[[Message], None], message: Message) -> None:
    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(work, message)
