"""Messages that are larger than what carries them: packed, cut, and put together again."""

import time
import zlib
from base64 import b85decode
from base64 import b85encode

LOST_AFTER = 30.0  # seconds until a message whose rest never came is forgotten


def cut(text: str, *, largest: int) -> list[str]:
    """The text as pieces of at most `largest` bytes: itself, or what is left of it once it is packed."""
    if len(text) < largest // 6 or len(text.encode()) < largest:
        return [f"={text}"]
    packed = b85encode(zlib.compress(text.encode(), 1)).decode()
    size = largest - 60  # what stands before each piece
    parts = [packed[at : at + size] for at in range(0, len(packed), size)]
    mark = f"{time.monotonic_ns():x}"
    return [f"{mark} {number} {len(parts)} {part}" for number, part in enumerate(parts)]


class Collector:
    """Takes pieces as they come, from several senders at once, and gives back whole messages."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[int, str]] = {}
        self.begun: dict[str, float] = {}

    def add(self, sender: str, piece: str) -> str | None:
        """The text that this piece completes."""
        if piece.startswith("="):
            return piece[1:]
        mark, number, count, part = piece.split(" ", 3)
        key = f"{sender} {mark}"
        parts = self.parts.setdefault(key, {})
        parts[int(number)] = part
        if len(parts) == int(count):
            self._forget(key)
            packed = "".join(parts[each] for each in range(len(parts)))
            return zlib.decompress(b85decode(packed)).decode()
        self.begun.setdefault(key, time.monotonic())
        for old in [old for old, since in self.begun.items() if time.monotonic() - since > LOST_AFTER]:
            self._forget(old)
        return None

    def _forget(self, key: str) -> None:
        self.parts.pop(key, None)
        self.begun.pop(key, None)
