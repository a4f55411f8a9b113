"""The bars of a small chart, in a box of WIDTH by HEIGHT that a page may stretch."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 240, 56
GAP = 0.3  # of the room that a bar has
LEAST = 1.5  # so high is a bar at least that stands for something


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


def bars(values: Sequence[float | None], *, top: float) -> list[Bar]:
    """One for each value, side by side; `top` reaches the upper edge."""
    room = WIDTH / max(len(values), 1)
    return [
        _bar(place * room + room * GAP / 2, room * (1 - GAP), value or 0, top)
        for place, value in enumerate(values)
    ]


def _bar(x: float, width: float, value: float, top: float) -> Bar:
    height = max(HEIGHT * min(value / top, 1), LEAST) if value > 0 and top > 0 else 0
    return Bar(round(x, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2))
