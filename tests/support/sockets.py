"""A client of `/cable`, as thin as can be: what it is told comes out as it came in."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection
from websockets.sync.client import connect

from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.bus.topics import ROOMS

PROTOCOLS = ["actioncable-v1-json", "actioncable-unsupported"]
SOON = 30.0  # seconds: how long something may take that is to happen
MARK = {"event": "test.mark", "data": {}}


class Socket:
    """One connection. `take` returns the next frame, whatever it is, but for pings."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, frame: dict[str, Any]) -> None:
        self.connection.send(json.dumps(frame))

    def take(self, *, seconds: float = SOON) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while True:
            frame = json.loads(self.connection.recv(timeout=max(0.0, until - time.monotonic())))
            if frame.get("type") != "ping":
                return frame

    def subscribe(self, **identifier: Any) -> "Socket":
        """Be let in: welcomed, confirmed, and told who is there."""
        self.identifier = json.dumps({"channel": "RoomChannel", **identifier})
        self.send({"command": "subscribe", "identifier": self.identifier})
        frame = self.take()
        if frame == {"type": "welcome"}:
            frame = self.take()
        assert frame == {"identifier": self.identifier, "type": "confirm_subscription"}
        self.presence = self.hear("presence.update")
        return self

    def hear(self, name: str) -> dict[str, Any]:
        """The data of the next event of that name; events of other names are passed over."""
        while True:
            message = self.take().get("message", {})
            if message.get("event") == name:
                return message["data"]

    def until_mark(self) -> list[dict[str, Any]]:
        """The events that have come before the mark of `set_mark`."""
        heard = []
        while (message := self.take()["message"]) != MARK:
            heard.append(message)
        return heard


def set_mark(rooms: list[str]) -> None:
    """Say something to everybody in these rooms, which comes after all that has been said to them before."""
    bus.publish(ROOMS, {"deliveries": [(json.dumps(MARK), rooms, [])]})


@contextmanager
def opened(url: str, *, path: str = "/cable", **options: Any) -> Iterator[Socket]:
    """A socket to the desk at that address."""
    options.setdefault("subprotocols", PROTOCOLS)
    options.setdefault("max_queue", None)  # what nobody has asked for yet must not stop it from reading
    with connect(url.replace("http", "ws", 1) + path, **options) as connection:
        yield Socket(connection)
