"""Who is told while it is being looked up where they may be."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.hub import Hub
from dashboard.realtime.hub import Outlet
from dashboard.realtime.hub import Subscription
from dashboard.realtime.rooms import Claim
from dashboard.realtime.rooms import Guest


class Ear:
    """A subscription, and what has been written for it."""

    def __init__(self, *rooms: str) -> None:
        self.written: list[bytes] = []
        outlet = Outlet(self._never, write_now=self._write, abort=self.written.clear)
        self.subscription = Subscription(outlet, "{}", Claim(), guest_in(*rooms), end=lambda *_: None)

    @property
    def heard(self) -> list[str]:
        return [json.loads(text)["message"] for text in self.written]

    def _write(self, parts: object) -> bool:
        self.written.append(b"".join(parts))  # type: ignore[call-overload]
        return True

    async def _never(self, _: object) -> None:
        raise AssertionError("it was to be written at once")


def guest_in(*rooms: str) -> Guest:
    return Guest(account_id=1, rooms=frozenset(rooms), user_id=1)


@contextmanager
def a_hub(*ears: Ear) -> Iterator[Hub]:
    loop = asyncio.new_event_loop()
    hub = Hub(bus, loop)
    for ear in ears:
        hub.join(ear.subscription)
    try:
        yield hub
    finally:
        for ear in ears:
            hub.leave(ear.subscription)
        loop.close()


def say(hub: Hub, text: str, *to: str, but: tuple[str, ...] = ()) -> None:
    hub.deliver({"deliveries": [(json.dumps(text), list(to), list(but))]})


def test_what_is_said_in_a_room_while_it_is_looked_up_who_may_enter_is_heard_by_who_may() -> None:
    comes, goes, stays = Ear("user:1"), Ear("inbox:1"), Ear("inbox:1")
    with a_hub(comes, goes, stays) as hub:
        hub.hold([comes.subscription, goes.subscription], may_gain=True)
        say(hub, "one", "inbox:1")
        say(hub, "two", "inbox:1", but=("user:1",))
        say(hub, "three", "inbox:2")
        assert (comes.heard, goes.heard, stays.heard) == ([], [], ["one", "two"])

        hub.move(comes.subscription, guest_in("user:1", "inbox:1"))
        hub.move(goes.subscription, guest_in("user:2"))
        hub.release(comes.subscription)
        hub.release(goes.subscription)
        say(hub, "four", "inbox:1")

    assert comes.heard == ["one", "four"]
    assert goes.heard == []
    assert stays.heard == ["one", "two", "four"]


def test_nothing_is_released_before_the_last_look_is_over() -> None:
    ear = Ear("inbox:1")
    with a_hub(ear) as hub:
        hub.hold([ear.subscription], may_gain=False)
        hub.hold([ear.subscription], may_gain=True)
        say(hub, "one", "inbox:1")
        hub.release(ear.subscription)
        assert ear.heard == []
        hub.release(ear.subscription)

        assert ear.heard == ["one"]
        assert not hub.undecided
