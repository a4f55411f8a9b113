"""Who is there just now. Kept in memory and told on the bus: it changes all the time and is soon forgotten.

Every process of the desk hears of everybody, so that asking costs nothing; docs/decisions says why.
"""

import time
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
NEVER = float("-inf")
SETTINGS_LAST = 30.0  # seconds that what people have set is kept; changes are told at once, where the bus is

Settings = dict[int, tuple[str, bool]]  # user → availability, auto_offline


class Presence:
    """Everybody who was seen lately, by account."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Know nobody."""
        self.users: dict[int, dict[int, float]] = {}
        self.contacts: dict[int, dict[int, float]] = {}
        self.settings: dict[int, tuple[float, Settings]] = {}

    def see(self, guest: Guest) -> None:
        """Note that somebody is there, and tell the other processes."""
        kind = "users" if guest.user_id else "contacts"
        self._note({"account": guest.account_id, kind: [guest.user_id or guest.contact_id]})

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
            for account_id in list(self.users | self.contacts):
                here = self._fresh(self.users, account_id, USER_WINDOW)
                contacts = self._fresh(self.contacts, account_id, CONTACT_WINDOW)
                bus.tell_others(
                    PRESENCE, {"account": account_id, "users": list(here), "contacts": list(contacts)}
                )
            return
        account_id, now = message["account"], time.monotonic()
        if "settings" in message:
            self.settings.pop(account_id, None)
        with self.lock:
            for kind, seen in (("users", self.users), ("contacts", self.contacts)):
                for each in message.get(kind, ()):
                    seen.setdefault(account_id, {})[each] = now

    def users_of(self, account_id: int) -> dict[int, str]:
        """The people of an account who are there, or always count as there, with their availability."""
        here = self._fresh(self.users, account_id, USER_WINDOW)
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

    def _fresh(self, seen: dict[int, dict[int, float]], account_id: int, window: float) -> set[int]:
        oldest = time.monotonic() - window
        with self.lock:
            found = {each: at for each, at in seen.get(account_id, {}).items() if at > oldest}
            seen[account_id] = found
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
