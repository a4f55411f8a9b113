"""Who is there just now, and who looks at what. Kept in memory and told on the bus: it changes all the time
and is soon forgotten.

Every process of the desk hears of everybody, so that asking costs nothing; docs/decisions says why.
"""

import time
from collections.abc import Callable
from collections.abc import Iterable
from threading import Lock

from sqlalchemy import select

from dashboard.accounts.models import Membership
from dashboard.extensions import db
from dashboard.realtime.bus.exchange import Message
from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.bus.topics import PRESENCE
from dashboard.realtime.rooms import Guest

USER_WINDOW = 20.0  # seconds since somebody was seen last
CONTACT_WINDOW = 90.0
LOOKER_WINDOW = 30.0
NEVER = float("-inf")
SETTINGS_LAST = 30.0  # seconds that what people have set is kept; changes are told at once, where the bus is

Settings = dict[int, tuple[str, bool]]  # user → availability, auto_offline
Seen = dict[int, dict[int, float]]  # account, or conversation → who was seen there, and when


class Presence:
    """Everybody who was seen lately, by account; and the people before a conversation, by its number in the
    database. `on_news` hears of what changes anything about people, in any thread."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.on_news: Callable[[Message], None] = lambda message: None
        self.forget()

    def forget(self) -> None:
        """Know nobody."""
        self.users: Seen = {}
        self.contacts: Seen = {}
        self.lookers: Seen = {}
        self.settings: dict[int, tuple[float, Settings]] = {}

    def see(self, guest: Guest) -> None:
        """Note that somebody is there, and tell the other processes."""
        kind = "users" if guest.user_id else "contacts"
        self._note({"account": guest.account_id, kind: [guest.user_id or guest.contact_id]})

    def see_people(self, account_id: int, user_ids: Iterable[int]) -> None:
        """Note that these people of an account are there."""
        self._note({"account": account_id, "users": list(user_ids)})

    def miss(self, account_id: int, user_id: int) -> None:
        """Note that somebody has left."""
        self._note({"account": account_id, "left": [user_id]})

    def see_looking(self, account_id: int, conversation_id: int, user_ids: Iterable[int]) -> None:
        """Note that these people have a conversation before them."""
        self._note({"account": account_id, "conversation": conversation_id, "lookers": list(user_ids)})

    def see_turning(self, account_id: int, conversation_id: int, user_id: int) -> None:
        """Note that somebody has turned away from a conversation."""
        self._note({"account": account_id, "conversation": conversation_id, "turned": [user_id]})

    def change_settings(self, account_id: int) -> None:
        """Somebody of the account has set another availability."""
        self._note({"account": account_id, "settings": True})

    def share(self) -> None:
        """Hear from now on what other processes note, and ask them for what they know already."""
        bus.listen(PRESENCE, self.hear)
        bus.tell_others(PRESENCE, {"ask": True})

    def hear(self, message: Message) -> None:
        """Take in what a process has noted, or tell a new one what this one knows."""
        if "ask" in message:
            self._answer()
            return
        account_id, conversation_id = message["account"], message.get("conversation", 0)
        if "settings" in message:
            self.settings.pop(account_id, None)
        self._meet(self.contacts, account_id, message.get("contacts", ()), CONTACT_WINDOW)
        news = [
            "settings" in message,
            self._meet(self.users, account_id, message.get("users", ()), USER_WINDOW),
            self._part(self.users, account_id, message.get("left", ())),
            self._meet(self.lookers, conversation_id, message.get("lookers", ()), LOOKER_WINDOW),
            self._part(self.lookers, conversation_id, message.get("turned", ())),
        ]
        if any(news):
            self.on_news(message)

    def people_here(self, account_id: int) -> set[int]:
        """The people of an account who were seen lately, whatever they have set."""
        return self._fresh(self.users, account_id, USER_WINDOW)

    def lookers_at(self, conversation_id: int) -> set[int]:
        """The people who have a conversation before them."""
        return self._fresh(self.lookers, conversation_id, LOOKER_WINDOW)

    def users_of(self, account_id: int) -> dict[int, str]:
        """The people of an account who are there, or always count as there, with their availability."""
        here = self.people_here(account_id)
        return {
            user_id: availability
            for user_id, (availability, auto_offline) in self._settings(account_id).items()
            if user_id in here or not auto_offline
        }

    def contacts_of(self, account_id: int) -> set[int]:
        """The contacts of an account who are there."""
        return self._fresh(self.contacts, account_id, CONTACT_WINDOW)

    def is_user_here(self, account_id: int, user_id: int) -> bool:
        """Whether the person has a socket open, somewhere."""
        return time.monotonic() - self.users.get(account_id, {}).get(user_id, NEVER) < USER_WINDOW

    def user_status(self, account_id: int, user_id: int) -> str:
        """`online`, `busy` or `offline`."""
        availability, auto_offline = self._settings(account_id).get(user_id, ("offline", True))
        is_there = not auto_offline or self.is_user_here(account_id, user_id)
        return availability if is_there else "offline"

    def contact_status(self, account_id: int, contact_id: int) -> str:
        """`online` or `offline`."""
        seen = self.contacts.get(account_id, {}).get(contact_id, NEVER)
        return "online" if time.monotonic() - seen < CONTACT_WINDOW else "offline"

    def _note(self, message: Message) -> None:
        self.hear(message)
        bus.tell_others(PRESENCE, message)

    def _answer(self) -> None:
        for account_id in list(self.users | self.contacts):
            here, contacts = self.people_here(account_id), self.contacts_of(account_id)
            known = {"account": account_id, "users": list(here), "contacts": list(contacts)}
            bus.tell_others(PRESENCE, known)
        for conversation_id in list(self.lookers):
            looking = list(self.lookers_at(conversation_id))
            bus.tell_others(PRESENCE, {"account": 0, "conversation": conversation_id, "lookers": looking})

    def _meet(self, seen: Seen, place: int, who: Iterable[int], window: float) -> bool:
        """Whether one of them was not there before."""
        now, is_news = time.monotonic(), False
        with self.lock:
            for each in who:
                there = seen.setdefault(place, {})
                is_news |= now - there.get(each, NEVER) >= window
                there[each] = now
        return is_news

    def _part(self, seen: Seen, place: int, who: Iterable[int]) -> bool:
        """Whether one of them was there."""
        with self.lock:
            there = seen.get(place, {})
            parted = [each for each in who if there.pop(each, None) is not None]
            if not there:
                seen.pop(place, None)
        return bool(parted)

    def _fresh(self, seen: Seen, place: int, window: float) -> set[int]:
        oldest = time.monotonic() - window
        with self.lock:
            found = {each: at for each, at in seen.get(place, {}).items() if at > oldest}
            if found:
                seen[place] = found
            else:
                seen.pop(place, None)
        return set(found)

    def _settings(self, account_id: int) -> Settings:
        until, settings = self.settings.get(account_id, (0.0, {}))
        if until < time.monotonic():
            query = select(Membership.user_id, Membership.availability, Membership.auto_offline)
            rows = db.session.execute(query.where(Membership.account_id == account_id))
            settings = {row.user_id: (row.availability, row.auto_offline) for row in rows}
            self.settings[account_id] = (time.monotonic() + SETTINGS_LAST, settings)
        return settings


presence = Presence()
