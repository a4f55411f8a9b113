"""What is measured of apps, how durations become few numbers, and what those say again."""

from bisect import bisect_left
from collections.abc import Mapping

from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of

# Of an opening the bucket is the agent; of these three a bound of BOUNDS; of an error one of CAUSES; else 0.
OPENED, ERROR, BLOCKED = "opened", "error", "blocked"
LOAD, CONTEXT, CALL = DURATIONS = ("load", "context", "call")
NOT_UP, REFUSED = CAUSES = (0, 1)  # the app did not come up; what it asked for was refused or failed

LONGEST = 600_000  # milliseconds: whatever takes longer is not told
# Each is at most two and a half times the one before: a share is known to a few hundredths.
BOUNDS = (
    *(1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000),
    *(1500, 2000, 3000, 5000, 7000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, LONGEST),
)

MOST = 50  # of anything that one page tells at once
_COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST}
_TIMES = list_of({"type": "integer", "minimum": 0, "maximum": LONGEST}, minItems=1, maxItems=MOST)
TOLD: Schema = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "opened": _COUNT,
        "failed": _COUNT,
        "load": _TIMES,
        "context": _TIMES,
        "muted": _COUNT,
        "paused": _COUNT,
        "resumed": _COUNT,
    },
}

Histogram = Mapping[int, int]  # bound → how many were within it and beyond the one before


def bound_of(milliseconds: float) -> int:
    """The least bound that a duration is within; of one that is too long, the last."""
    return BOUNDS[min(bisect_left(BOUNDS, milliseconds), len(BOUNDS) - 1)]


def percentile(durations: Histogram, share: float) -> int | None:
    """Within how many milliseconds that share of them was, as if those of a bucket stood evenly in it.

    None where there is none.
    """
    rank = share * sum(durations.values())
    passed = 0
    for bound in sorted(durations):
        count = durations[bound]
        if count and passed + count >= rank:
            below = max((other for other in BOUNDS if other < bound), default=0)
            return max(1, round(below + (bound - below) * (rank - passed) / count))
        passed += count
    return None
