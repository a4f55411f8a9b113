"""The bus of one machine: each process has a socket in a folder for every topic that it listens to."""

import errno
import hashlib
import os
import selectors
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

FOLDER = "bus"
LONGEST_PATH = 100  # bytes; Linux takes 107, macOS 103
PATIENCE = 5.0  # seconds until a process that takes nothing any more is passed over


def folder_for(data_dir: Path) -> Path:
    """Where the sockets of a desk are: with its data, or in a short place where that path is too long."""
    folder = data_dir / FOLDER
    if len(os.fsencode(folder)) + 32 > LONGEST_PATH:
        mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"deskframe-{os.getuid()}-{mark}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(errno.EPERM, "belongs to somebody else", str(folder))
    return folder


class UnixTransport:
    """Datagrams never leave the machine and arrive whole, in order, or not at all: then the sender knows."""

    largest = 60_000

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.sockets: dict[str, socket.socket] = {}
        self.ears = selectors.DefaultSelector()
        self.mouth = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.mouth.settimeout(PATIENCE)
        self.deaf: dict[str, float] = {}  # who took nothing, and until when nobody asks again
        self.lock = Lock()

    def listen(self, topic: str) -> None:
        ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ear.setblocking(False)
        ear.bind(str(self.folder / f"{topic}.{self.name}"))
        with self.lock:
            self.sockets[topic] = ear
            self.ears.register(ear, selectors.EVENT_READ, topic)

    def hush(self, topic: str) -> None:
        with self.lock:
            ear = self.sockets.pop(topic)
            self.ears.unregister(ear)
        self._unlink(f"{topic}.{self.name}")
        ear.close()

    def is_heard(self, topic: str) -> bool:
        """Whether anybody else listens. Files of those who are no more are found out when they are used."""
        return any(True for _ in self._others(topic))

    def send(self, topic: str, text: str) -> None:
        for name in self._others(topic):
            self._send_to(name, text.encode())

    def receive(self) -> Iterator[tuple[str, str] | None]:
        """What has come by now; waits a little where nothing has."""
        for key, _ in self.ears.select(0.5 if self.sockets else 0.05):
            with suppress(OSError):  # it was closed meanwhile
                while True:
                    yield key.data, key.fileobj.recv(1 << 18).decode()  # type: ignore[union-attr]

    def close(self) -> None:
        for topic in list(self.sockets):
            self.hush(topic)
        self.mouth.close()

    def _others(self, topic: str) -> Iterator[str]:
        start, own = f"{topic}.", f"{topic}.{self.name}"
        for name in os.listdir(self.folder):  # noqa: PTH208 - a fifth of the time of Path.iterdir
            if name.startswith(start) and name != own:
                yield name

    def _send_to(self, name: str, text: bytes) -> None:
        if self.deaf.get(name, 0.0) > time.monotonic():
            return
        try:
            self.mouth.sendto(text, str(self.folder / name))
        except TimeoutError:
            self.deaf[name] = time.monotonic() + PATIENCE
        except (ConnectionRefusedError, FileNotFoundError):  # the process is no more
            self._unlink(name)

    def _unlink(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
