"""Where files are kept: a folder of this machine, or a bucket. Four verbs, and keys that nobody guesses."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import IO
from typing import Any
from typing import Protocol

from dashboard.config import Config
from dashboard.lib.tokens import new_token

KEY_LENGTH = 32
PIECE = 256 << 10  # bytes that are read at a time

_KEY = re.compile(r"[A-Za-z0-9]{8,64}(\.[a-z]+)?")


class NotStored(Exception):
    """There is nothing under that key."""


class Storage(Protocol):
    def put(self, key: str, source: IO[bytes]) -> None:
        """Keep what `source` has from where it stands on. When this returns, it is kept for good."""

    def open(self, key: str) -> IO[bytes]:
        """What is kept, to read and to seek in.

        Raises:
            NotStored: nothing is.
        """

    def delete(self, key: str) -> None:
        """Forget it, if it is there."""

    def keys(self, *, older_than: datetime) -> Iterator[str]:
        """All that was kept before then."""


def new_key() -> str:
    """A name for something new."""
    return new_token(KEY_LENGTH)


@lru_cache(maxsize=8)
def storage_of(config: Config) -> Storage:
    """Where a desk with these settings keeps its files."""
    return _bucket_of(config) if config.s3_bucket else Disk(config.uploads_dir)


class Disk:
    """Files in folders named after the beginnings of their keys. Nothing there has an ending or may run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, source: IO[bytes]) -> None:
        path = self._path(key)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f"{key}.part")
        try:
            with draft.open("xb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
                target.flush()
                os.fsync(target.fileno())
            draft.rename(path)
        except BaseException:  # whatever it was, also the end of the process: half a file is of no use
            draft.unlink(missing_ok=True)
            raise

    def open(self, key: str) -> IO[bytes]:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise NotStored(key) from None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys(self, *, older_than: datetime) -> Iterator[str]:
        """The drafts of whoever was killed in the middle are among them."""
        for folder in self.folder.iterdir():
            for path in folder.iterdir() if folder.is_dir() else ():
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < older_than.timestamp():
                        yield path.name

    def _path(self, key: str) -> Path:
        if _KEY.fullmatch(key) is None:
            raise NotStored(key)
        return self.folder / key[:2] / key


class Bucket:
    """An S3-compatible store. Its library is loaded by those who have one."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.obstore = import_module("obstore")

    def put(self, key: str, source: IO[bytes]) -> None:
        self.obstore.put(self.store, key, source)

    def open(self, key: str) -> IO[bytes]:
        try:
            return io.BufferedReader(_Reader(self.obstore.open_reader(self.store, key)), PIECE)
        except FileNotFoundError:
            raise NotStored(key) from None

    def delete(self, key: str) -> None:
        self.obstore.delete(self.store, key)

    def keys(self, *, older_than: datetime) -> Iterator[str]:
        for batch in self.obstore.list(self.store):
            for found in batch:
                if found["last_modified"] < older_than:
                    yield found["path"]


class _Reader(io.RawIOBase):
    """What the library reads, as Python's own files do."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = bytes(self.reader.read(len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return int(self.reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self.reader.tell())


def _bucket_of(config: Config) -> Bucket:
    settings = {
        "region": config.s3_region,
        "endpoint": config.s3_endpoint,
        "access_key_id": config.s3_access_key_id,
        "secret_access_key": config.s3_secret_access_key,
    }
    given = {name: value for name, value in settings.items() if value}
    is_plain = (config.s3_endpoint or "").startswith("http:")
    store = import_module("obstore.store").S3Store
    return Bucket(store(config.s3_bucket, config=given, client_options={"allow_http": is_plain}))
