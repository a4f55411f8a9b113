"""Values inside values, as JSON has them."""

from collections.abc import Iterator
from typing import Any


def levels(value: Any) -> Iterator[tuple[Any, int]]:
    """Everything inside and the level that it stands on; without recursion, because what came may be as
    deep as it likes."""
    waiting = [(value, 0)]
    while waiting:
        part, level = waiting.pop()
        yield part, level
        if isinstance(part, dict | list):
            inner = part.values() if isinstance(part, dict) else part
            waiting.extend((each, level + 1) for each in inner)
