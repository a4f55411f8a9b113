"""What is worth nothing when it is old: kept in memory for a moment, sent once or dropped."""

import time
import uuid
from collections import deque
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.webhooks.operations.claiming import Address

WORTH = 10.0  # seconds
MOST = 500  # that wait; then the oldest are dropped


@dataclass(frozen=True)
class Whisper:
    """Something to be told at once: `end` is on this process's own clock."""

    address: Address
    body: bytes
    end: float
    uuid: str

    @property
    def time_left(self) -> float:
        return self.end - time.monotonic()


class Whispers:
    """Jobs put them in, the sender of the process takes them out."""

    def __init__(self) -> None:
        self.waiting: deque[Whisper] = deque(maxlen=MOST)
        self.ring: Callable[[], None] = lambda: None

    def put(self, address: Address, body: bytes, *, age: float) -> None:
        """Tell this soon, if it is young enough. One of the future is taken for new: clocks are set back."""
        if age < WORTH:
            end = time.monotonic() + WORTH - max(age, 0)
            self.waiting.append(Whisper(address, body, end, str(uuid.uuid4())))
            self.ring()

    def take(self) -> Iterator[Whisper]:
        """Those that are still worth telling."""
        while self.waiting:
            whisper = self.waiting.popleft()
            if whisper.time_left > 0:
                yield whisper


whispers = Whispers()
