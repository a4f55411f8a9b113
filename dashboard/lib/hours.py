"""Business hours: whether somebody is there at a moment, by seven days in a time zone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


def is_open(days: list[dict[str, Any]], time_zone: str, moment: datetime) -> bool:
    """Whether the moment lies in the hours of its day there; a day that is not named is closed."""
    local = moment.astimezone(ZoneInfo(time_zone))
    weekday = (local.weekday() + 1) % 7  # upstream's weeks begin with Sunday, as 0
    day = next((day for day in days if day["day_of_week"] == weekday), None)
    if day is None or day.get("closed_all_day"):
        return False
    if day.get("open_all_day"):
        return True
    opens, closes = minutes_of(day, "open"), minutes_of(day, "close")
    return opens is not None and closes is not None and opens <= local.hour * 60 + local.minute < closes


def minutes_of(day: dict[str, Any], end: str) -> int | None:
    """Minutes since midnight at which a day's hours `open` or `close`."""
    hour = day.get(f"{end}_hour")
    return None if hour is None else int(hour) * 60 + int(day.get(f"{end}_minutes") or 0)


def is_sound(day: dict[str, Any]) -> bool:
    """Whether a day's hours can be: it is closed, open all day, or opens before it closes."""
    if day.get("closed_all_day") or day.get("open_all_day"):
        return not (day.get("closed_all_day") and day.get("open_all_day"))
    opens, closes = minutes_of(day, "open"), minutes_of(day, "close")
    return opens is not None and closes is not None and opens < closes < MINUTES_A_DAY
