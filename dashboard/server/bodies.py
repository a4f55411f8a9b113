"""A request's body, read in full before a thread is taken: a slow sender must cost no more than its bytes."""

import asyncio
import tempfile
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import MutableMapping
from typing import Any

LARGEST = 40 << 20
IN_MEMORY = 1 << 20  # a larger one waits on disk
PIECE = 64 << 10

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class TooLarge(Exception):
    pass


class Gone(Exception):
    """The client went away before its body was complete."""


class Body:
    """A body on its way from the client to Flask; `size` is what really came."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by close()
        self.size = 0

    async def read_from(self, receive: Receive) -> None:
        """Take all of it in.

        Raises:
            TooLarge: more than LARGEST came.
            Gone: the client went away.
        """
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            piece, more = message.get("body", b""), message.get("more_body", False)
            if self.size + len(piece) > LARGEST:
                raise TooLarge
            if self.size <= IN_MEMORY < self.size + len(piece):
                await asyncio.to_thread(self.file.rollover)
            self.file.write(piece)
            self.size += len(piece)
        self.file.seek(0)

    async def receive(self) -> Message:
        """Hand it on, piece by piece."""
        piece = self.file.read(PIECE)
        return {"type": "http.request", "body": piece, "more_body": self.file.tell() < self.size}

    def close(self) -> None:
        self.file.close()


async def discard(receive: Receive, *, seconds: float) -> None:
    """Let a client finish sending what nobody wants, or it would see a broken connection, not our answer."""
    try:
        async with asyncio.timeout(seconds):
            message = await receive()
            while message["type"] == "http.request" and message.get("more_body", False):
                message = await receive()
    except TimeoutError:
        return
