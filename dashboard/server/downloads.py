"""Stored files on their way out, beside the thread pool: Flask says which, the shell reads and sends them."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO

from dashboard.lib.storage import PIECE
from dashboard.lib.storage import Storage

NAME = b"x-stored-file"  # the header in which Flask names the key; it stays inside
Headers = list[tuple[bytes, bytes]]

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass
class Download:
    """What goes out: the headers, and so much of the file from where it stands."""

    status: int
    headers: Headers
    file: IO[bytes]
    length: int

    async def pieces(self) -> AsyncIterator[bytes]:
        """The content, a piece at a time; whoever reads slowly holds no thread meanwhile."""
        left = self.length
        try:
            while left > 0:
                piece = await asyncio.to_thread(self.file.read, min(PIECE, left))
                if not piece:  # it is shorter than it was: better a broken answer than one that hangs
                    return
                left -= len(piece)
                yield piece
        finally:
            self.file.close()


def key_in(headers: Headers) -> str | None:
    """Which file an answer of Flask stands for, if it does."""
    return next((value.decode() for name, value in headers if name == NAME), None)


async def prepared(storage: Storage, key: str, headers: Headers, asked: dict[str, str]) -> Download:
    """The answer to a request with these headers: all of it, a part, or that the browser has it.

    Raises:
        NotStored: the file is gone.
    """
    return await asyncio.to_thread(_prepared, storage, key, headers, asked)


def _prepared(storage: Storage, key: str, headers: Headers, asked: dict[str, str]) -> Download:
    file = storage.open(key)
    try:
        size = file.seek(0, 2)
        etag = f'"{key}"'
        kept = [(name, value) for name, value in headers if name not in {NAME, b"content-length"}]
        kept += [(b"etag", etag.encode()), (b"accept-ranges", b"bytes")]
        if asked.get("if-none-match") == etag:
            return Download(304, kept, file, 0)
        wanted = _wanted(asked.get("range", ""), size) if asked.get("if-range", etag) == etag else None
        if wanted == (0, 0):
            kept.append((b"content-range", f"bytes */{size}".encode()))
            return Download(416, [*kept, (b"content-length", b"0")], file, 0)
        start, end = wanted or (0, size)
        file.seek(start)
        kept.append((b"content-length", str(end - start).encode()))
        if wanted is None:
            return Download(200, kept, file, size)
        kept.append((b"content-range", f"bytes {start}-{end - 1}/{size}".encode()))
        return Download(206, kept, file, end - start)
    except BaseException:  # whatever it was: nobody else knows of the open file
        file.close()
        raise


def _wanted(header: str, size: int) -> tuple[int, int] | None:
    """From where to before where; nothing for none, or one that makes no sense; (0, 0) for one outside."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    return (start, end) if start < end else (0, 0)
