"""Colleagues who see each other: pages hear at once who comes and goes, and who looks at the same thing."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable
from collections.abc import Callable
from typing import Any

from dashboard.realtime.bus.exchange import Message
from dashboard.realtime.hub import Hub
from dashboard.realtime.hub import Subscription
from dashboard.realtime.presence import presence
from dashboard.realtime.rooms import Guest
from dashboard.realtime.rooms import Sight
from dashboard.realtime.rooms import may_look
from dashboard.realtime.rooms import pages_room
from dashboard.realtime.rooms import person_room
from dashboard.realtime.rooms import sight_of
from dashboard.realtime.socket.frames import json_of

GATHER = 0.25  # seconds: what changes meanwhile is told together
STAYS = 3.0  # seconds that who has gone has to come back: a page that is loaded anew goes and comes
RENEW_EVERY = 8.0  # seconds: whoever has a page open is there, however seldom a browser lets it speak

Ask = Callable[[Callable[..., Any], Any], Awaitable[Any]]

log = logging.getLogger(__name__)


class Company:
    """Lives on the event loop, beside the hub; `ask` asks the database, in a thread."""

    def __init__(self, hub: Hub, ask: Ask) -> None:
        self.hub = hub
        self.ask = ask
        self.news = asyncio.Event()
        self.accounts: set[int] = set()  # of which there may be something to tell
        self.conversations: set[int] = set()
        self.here: dict[int, set[int]] = {}  # who was in an account when it was looked up last
        self.known: dict[int, dict[int, str]] = {}  # what the pages of an account have been told
        self.known_lookers: dict[int, set[int]] = {}

    async def look(self, subscription: Subscription, display_id: int | None) -> None:
        """Somebody has this conversation before them now, or none."""
        guest = subscription.guest
        sight = await self.ask(_find_sight, (guest, display_id)) if display_id else None
        if subscription not in self.hub.subscriptions:
            return
        if sight is not None and not may_look(subscription.guest, sight):
            sight = None
        self._turn(subscription, sight)
        if sight is not None and guest.user_id is not None:
            presence.see_looking(guest.account_id, sight.conversation_id, [guest.user_id])
            subscription.hear(_lookers_text(guest.account_id, sight), [sight.room])

    def check(self, subscription: Subscription) -> None:
        """Whoever may not see what stands before them any more turns away from it."""
        if subscription.sight is not None and not may_look(subscription.guest, subscription.sight):
            self._turn(subscription, None)

    def leave(self, subscription: Subscription) -> None:
        """A subscription has ended. Clients that are no pages of ours count as there for a while, as ever."""
        is_page = subscription.claim.session_token is not None
        if is_page or subscription.sight is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(STAYS, self._miss, subscription.guest, subscription.sight, is_page)

    def hear(self, message: Message) -> None:
        """What is told of somebody who is here all the same is set right; the rest is told on."""
        account_id, conversation_id = message["account"], message.get("conversation", 0)
        here = [user_id for user_id in message.get("left", ()) if self._has(account_id, user_id)]
        if here:
            presence.see_people(account_id, here)
        looking = [each for each in message.get("turned", ()) if self._has(account_id, each, conversation_id)]
        if looking:
            presence.see_looking(account_id, conversation_id, looking)
        if conversation_id:
            self.conversations.add(conversation_id)
        else:
            self.here.pop(account_id, None)
            self.accounts.add(account_id)
        self.news.set()

    async def tell(self) -> None:
        """Tell the pages, one subject after the other."""
        while True:
            await self.news.wait()
            await asyncio.sleep(GATHER)
            self.news.clear()
            accounts, self.accounts = self.accounts, set()
            conversations, self.conversations = self.conversations, set()
            for account_id in accounts:
                try:
                    await self._tell_account(account_id)
                except Exception:  # the database may be away; the others are told all the same
                    log.exception("who is there could not be looked up")
            for conversation_id in conversations:
                self._tell_lookers(conversation_id)

    async def renew(self) -> None:
        """Say now and then of all who are here that they still are; notice who is not any more."""
        while True:
            await asyncio.sleep(RENEW_EVERY)
            people: dict[int, set[int]] = defaultdict(set)
            lookers: dict[tuple[int, int], set[int]] = defaultdict(set)
            for subscription in self.hub.subscriptions:
                guest, sight = subscription.guest, subscription.sight
                if guest.user_id is not None and subscription.claim.session_token is not None:
                    people[guest.account_id].add(guest.user_id)
                if guest.user_id is not None and sight is not None:
                    lookers[guest.account_id, sight.conversation_id].add(guest.user_id)
            for account_id, here in people.items():
                presence.see_people(account_id, here)
                if presence.people_here(account_id) != self.here.get(account_id):
                    self.accounts.add(account_id)
            for (account_id, conversation_id), looking in lookers.items():
                presence.see_looking(account_id, conversation_id, looking)
                self.conversations.add(conversation_id)
            self.news.set()

    async def _tell_account(self, account_id: int) -> None:
        room = pages_room(account_id)
        if room not in self.hub.rooms:
            self.here.pop(account_id, None)
            self.known.pop(account_id, None)
            return
        self.here[account_id] = presence.people_here(account_id)
        users = await self.ask(presence.users_of, account_id)
        known = self.known.get(account_id, {})
        self.known[account_id] = users
        names = [each for each in known.keys() | users.keys() if known.get(each) != users.get(each)]
        if names:
            changed = {user_id: users.get(user_id, "offline") for user_id in names}
            data = {"account_id": account_id, "users": changed}
            self._deliver(json_of({"event": "presence.changed", "data": data}), room)

    def _tell_lookers(self, conversation_id: int) -> None:
        lookers = presence.lookers_at(conversation_id)
        here = next(iter(self._before(conversation_id)), None)
        if here is None or here.sight is None:
            self.known_lookers.pop(conversation_id, None)
        elif lookers != self.known_lookers.get(conversation_id):
            self.known_lookers[conversation_id] = lookers
            self._deliver(_lookers_text(here.guest.account_id, here.sight), here.sight.room)

    def _deliver(self, text: bytes, room: str) -> None:
        self.hub.deliver({"deliveries": [(text.decode(), [room], [])]})

    def _turn(self, subscription: Subscription, sight: Sight | None) -> None:
        before = subscription.sight
        if before != sight:
            self.hub.turn(subscription, sight)
            if before is not None:
                self._miss(subscription.guest, before, False)

    def _miss(self, guest: Guest, sight: Sight | None, is_page: bool) -> None:
        account_id, user_id = guest.account_id, guest.user_id
        if user_id is None:
            return
        if is_page and not self._has(account_id, user_id):
            presence.miss(account_id, user_id)
        if sight is not None and not self._has(account_id, user_id, sight.conversation_id):
            presence.see_turning(account_id, sight.conversation_id, user_id)

    def _has(self, account_id: int, user_id: int, conversation_id: int = 0) -> bool:
        """Whether somebody is connected here, with this conversation before them if one is named."""
        for each in self.hub.rooms.get(person_room(user_id), ()):
            seen = each.sight.conversation_id if each.sight else 0
            if each.guest.account_id == account_id and conversation_id in {0, seen}:
                return True
        return False

    def _before(self, conversation_id: int) -> set[Subscription]:
        return self.hub.rooms.get(f"looking:{conversation_id}", set())


def _find_sight(wanted: tuple[Guest, int]) -> Sight | None:
    return sight_of(*wanted)


def _lookers_text(account_id: int, sight: Sight) -> bytes:
    looking = sorted(presence.lookers_at(sight.conversation_id))
    data = {"account_id": account_id, "conversation_id": sight.display_id, "users": looking}
    return json_of({"event": "conversation.lookers", "data": data})
