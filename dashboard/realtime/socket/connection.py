"""One socket of `/cable`: what its client may ask for, and what becomes of it."""

import asyncio
import logging
import time
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import MutableMapping
from functools import partial
from typing import Any
from typing import Protocol

from dashboard.realtime.hub import Hub
from dashboard.realtime.hub import Outlet
from dashboard.realtime.hub import Subscription
from dashboard.realtime.presence import presence
from dashboard.realtime.rooms import Claim
from dashboard.realtime.rooms import Guest
from dashboard.realtime.socket.company import Company
from dashboard.realtime.socket.frames import json_of
from dashboard.realtime.socket.frames import number_of
from dashboard.realtime.socket.frames import object_of

MOST_SUBSCRIPTIONS = 32  # of one socket
LONGEST_IDENTIFIER = 2048
COMMANDS_A_SECOND, MOST_COMMANDS = 5.0, 100.0  # what a socket may send: so many for ever, so many at once

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


class House(Protocol):
    """What a socket asks of whoever keeps them all."""

    hub: Hub
    company: Company

    async def guest_of(self, claim: Claim) -> Guest | None: ...
    async def presence_of(self, guest: Guest) -> bytes: ...
    def session_token_of(self, scope: Scope) -> str | None: ...
    def start(self, work: Any) -> None: ...


class Connection:
    """One socket with its subscriptions."""

    def __init__(self, house: House, scope: Scope, send: Send) -> None:
        self.house = house
        self.scope = scope
        self.send = send
        self.outlet = Outlet(send, **scope["extensions"]["deskframe.socket"])
        self.subscriptions: dict[str, Subscription] = {}
        self.allowance = MOST_COMMANDS
        self.counted_at = self.quiet_since = time.monotonic()
        self.is_ending = False

    async def serve(self, receive: Receive) -> None:
        self.say({"type": "welcome"})
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            if self.is_ending:
                continue
            if not self._may_send():
                self.end("too_many_commands", reconnect=True)
                continue
            try:
                await self._obey(message.get("text") or message.get("bytes") or "")
            except Exception:  # one socket's trouble is no other's: it comes back and asks anew
                log.exception("what a socket asked for went wrong")
                self.end("error", reconnect=True)

    def say(self, frame: dict[str, Any]) -> None:
        self.outlet.write(json_of(frame))

    def end(self, reason: str, *, reconnect: bool) -> None:
        """Say why, and hang up."""
        if not self.is_ending:
            self.is_ending = True
            self.leave()
            self.say({"type": "disconnect", "reason": reason, "reconnect": reconnect})
            self.house.start(self._hang_up())

    def leave(self) -> None:
        for subscription in list(self.subscriptions.values()):
            self._forget(subscription)

    async def _hang_up(self) -> None:
        await self.outlet.drain(seconds=1)
        try:
            await asyncio.wait_for(self.send({"type": "websocket.close"}), 1)
        except Exception:  # it does not even read that
            self.outlet.cut()

    def _may_send(self) -> bool:
        now = time.monotonic()
        earned = (now - self.counted_at) * COMMANDS_A_SECOND
        self.allowance = min(MOST_COMMANDS, self.allowance + earned) - 1
        self.counted_at = now
        return self.allowance >= 0

    async def _obey(self, text: str | bytes) -> None:
        command = object_of(text)
        identifier = command.get("identifier")
        if not isinstance(identifier, str) or len(identifier) > LONGEST_IDENTIFIER:
            return
        if command.get("command") == "subscribe":
            await self._subscribe(identifier)
        elif command.get("command") == "unsubscribe" and identifier in self.subscriptions:
            self._forget(self.subscriptions[identifier])
        elif command.get("command") == "message" and identifier in self.subscriptions:
            await self._perform(self.subscriptions[identifier], object_of(command.get("data")))

    async def _subscribe(self, identifier: str) -> None:
        known = self.subscriptions.get(identifier)
        if known is None:
            known = await self._new_subscription(identifier)
        if known is None or self.is_ending:
            self.say({"identifier": identifier, "type": "reject_subscription"})
            return
        self.say({"identifier": identifier, "type": "confirm_subscription"})
        await self._be_seen(known)

    async def _new_subscription(self, identifier: str) -> Subscription | None:
        claim = self._claim(object_of(identifier))
        if claim is None or len(self.subscriptions) >= MOST_SUBSCRIPTIONS:
            return None
        guest = await self.house.guest_of(claim)
        if guest is None or self.is_ending:
            return None
        send_away = partial(self._send_away, identifier)
        subscription = Subscription(self.outlet, identifier, claim, guest, send_away)
        self.subscriptions[identifier] = subscription
        self.house.hub.join(subscription)
        return subscription

    def _claim(self, given: dict[str, Any]) -> Claim | None:
        token = given.get("pubsub_token")
        account_id, user_id = number_of(given.get("account_id")), number_of(given.get("user_id"))
        if given.get("channel") != "RoomChannel":
            return None
        if isinstance(token, str) and token:
            if not (token.isascii() and token.isprintable()):  # ours are, and not everything can be asked for
                return None
            return Claim(token=token, account_id=account_id, user_id=user_id)
        session_token = None if token else self.house.session_token_of(self.scope)
        if session_token is None or user_id is None:
            return None
        return Claim(session_token=session_token, account_id=account_id, user_id=user_id)

    async def _perform(self, subscription: Subscription, data: dict[str, Any]) -> None:
        if data.get("action") == "update_presence":
            await self._be_seen(subscription)
        elif data.get("action") == "look":
            await self.house.company.look(subscription, number_of(data.get("conversation")))

    async def _be_seen(self, subscription: Subscription) -> None:
        presence.see(subscription.guest)
        subscription.tell(await self.house.presence_of(subscription.guest))

    def _send_away(self, identifier: str, reason: str, reconnect: bool) -> None:
        """End one subscription; the last one takes the socket with it."""
        if len(self.subscriptions) == 1:
            self.end(reason, reconnect=reconnect)
        else:
            self._forget(self.subscriptions[identifier])
            self.say({"identifier": identifier, "type": "reject_subscription"})

    def _forget(self, subscription: Subscription) -> None:
        self.subscriptions.pop(subscription.identifier, None)
        self.house.hub.leave(subscription)
        self.house.company.leave(subscription)
        if not self.subscriptions:
            self.quiet_since = time.monotonic()
