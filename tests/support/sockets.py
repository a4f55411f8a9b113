"""A client of `/cable`, as thin as can be: what it is told comes out as it came in."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection
from websockets.sync.client import connect

PROTOCOLS = ["actioncable-v1-json", "actioncable-unsupported"]
SOON = 10.0  # seconds: how long something may take that is to happen
QUIET = 0.3  # seconds without a word, after which nothing more is expected


class Socket:
    """One connection. `take` returns the next frame, whatever it is, but for pings."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, frame: dict[str, Any]) -> None:
        self.connection.send(json.dumps(frame))

    def take(self, *, seconds: float = SOON) -> dict[str, Any]:
        while True:
            frame = json.loads(self.connection.recv(timeout=seconds))
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

    def everything(self) -> list[dict[str, Any]]:
        """The events that have come until it becomes quiet."""
        heard = []
        try:
            while True:
                heard.append(self.take(seconds=QUIET)["message"])
        except TimeoutError:
            return heard

    def names(self) -> list[str]:
        """What has been told, by name."""
        return [message["event"] for message in self.everything()]


@contextmanager
def opened(url: str, **options: Any) -> Iterator[Socket]:
    """A socket to the desk at that address."""
    options.setdefault("subprotocols", PROTOCOLS)
    with connect(url.replace("http", "ws", 1) + "/cable", **options) as connection:
        yield Socket(connection)


Opens = Callable[..., Socket]
