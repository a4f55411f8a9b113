"""The only place that reads the time."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import cache
from zoneinfo import available_timezones

_offset = timedelta()


def now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC) + _offset


def shift(by: timedelta) -> None:
    """Move the clock for tests; `shift(timedelta())` sets it right again."""
    global _offset
    _offset = by


def epoch(moment: datetime | None) -> int:
    """Whole seconds since 1970, 0 for None: how upstream writes most times."""
    return int(moment.timestamp()) if moment else 0


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: `2024-01-15T10:00:00.000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def from_epoch(seconds: float) -> datetime:
    """The aware UTC time of that many seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


@cache
def time_zones() -> tuple[str, ...]:
    """The name of every time zone. Kept, because finding them means looking into six hundred files."""
    return tuple(sorted(available_timezones()))
