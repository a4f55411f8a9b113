"""A request's body, read in full before a thread is taken: a slow sender must cost no more than its bytes."""

import asyncio
import shutil
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from dashboard.lib.files import IN_MEMORY
from dashboard.lib.files import NO_ROOM
from dashboard.lib.files import waiting_file

LARGEST = 41 << 20  # a file of 40 MB and what stands around it in a form
SLOWEST = 16 << 10  # bytes a second: whoever sends a large body more slowly is sent away
PIECE = 64 << 10
STEP = 16 << 20  # so often a growing body looks whether there is room
RESERVE = 512 << 20  # bytes of the disk that no body may take: the database needs them

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class TooLarge(Exception):
    pass


class Gone(Exception):
    """The client went away before its body was complete."""


class NoRoom(Exception):
    """The disk is full."""


class Body:
    """A body on its way from the client to Flask; `size` is what really came."""

    def __init__(self, folder: Path, *, largest: int = LARGEST) -> None:
        self.folder = folder
        self.file = waiting_file(folder)
        self.largest = largest
        self.size = 0

    async def read_from(self, receive: Receive, *, patience: float) -> None:
        """Take all of it in: within `patience` seconds, and those that a large one needs.

        Raises:
            TooLarge: more came than may.
            Gone: the client went away.
            TimeoutError: it did not come in time.
            NoRoom: there is no room for it.
        """
        try:
            async with asyncio.timeout(patience) as limit:
                started = asyncio.get_running_loop().time()
                while await self._read_piece(receive):
                    limit.reschedule(started + patience + self.size / SLOWEST)
        except OSError as error:
            if error.errno in NO_ROOM:
                raise NoRoom from error
            raise
        self.file.seek(0)

    async def _read_piece(self, receive: Receive) -> bool:
        """Whether more will come."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        piece = message.get("body", b"")
        if self.size + len(piece) > self.largest:
            raise TooLarge
        if self.size <= IN_MEMORY < self.size + len(piece):
            await asyncio.to_thread(self.file.rollover)
            self._check_room()
        elif self.size // STEP != (self.size + len(piece)) // STEP:
            self._check_room()
        self.file.write(piece)
        self.size += len(piece)
        return bool(message.get("more_body", False))

    def _check_room(self) -> None:
        """Strangers may send too: they must not leave the desk without room to work."""
        if shutil.disk_usage(self.folder).free < RESERVE:
            raise NoRoom

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
