"""Business hours: seven days, a time zone, and the edges."""

from datetime import UTC
from datetime import datetime

import pytest

from dashboard.lib.hours import is_open
from dashboard.lib.hours import is_sound

MONDAY = {"day_of_week": 1, "open_hour": 9, "open_minutes": 30, "close_hour": 17, "close_minutes": 0}
DAYS = [
    {"day_of_week": 0, "closed_all_day": True},
    MONDAY,
    {"day_of_week": 2, "open_all_day": True},
]


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-23T09:29:59", "UTC", False),
        ("2026-11-23T09:30:00", "UTC", True),
        ("2026-11-23T16:59:59", "UTC", True),
        ("2026-11-23T17:00:00", "UTC", False),
        ("2026-11-23T08:30:00", "Europe/Berlin", True),
        ("2026-07-20T07:30:00", "Europe/Berlin", True),
        ("2026-11-22T12:00:00", "UTC", False),
        ("2026-11-22T23:30:00", "Asia/Tokyo", False),
        ("2026-11-23T00:30:00", "Asia/Tokyo", True),
        ("2026-11-24T03:00:00", "UTC", True),
        ("2026-11-25T12:00:00", "UTC", False),
    ],
)
def test_a_moment_is_looked_up_in_the_inbox_s_own_day(moment: str, zone: str, expected: bool) -> None:
    assert is_open(DAYS, zone, datetime.fromisoformat(moment).replace(tzinfo=UTC)) is expected


@pytest.mark.parametrize(
    "day",
    [
        {"open_hour": 17, "close_hour": 9},
        {"open_hour": 9, "close_hour": 9},
        {"open_hour": 9},
        {"closed_all_day": True, "open_all_day": True},
        {},
    ],
)
def test_a_day_that_cannot_be(day: dict[str, int]) -> None:
    assert not is_sound(day)
    assert is_sound(MONDAY)
