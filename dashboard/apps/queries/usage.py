"""How apps were used, in bars of an hour or a day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import tzinfo

from sqlalchemy import func
from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.usage import AppUsage
from dashboard.apps.schemas.usage import BLOCKED
from dashboard.apps.schemas.usage import DURATIONS
from dashboard.apps.schemas.usage import ERROR
from dashboard.apps.schemas.usage import NOT_UP
from dashboard.apps.schemas.usage import OPENED
from dashboard.apps.schemas.usage import REFUSED
from dashboard.apps.schemas.usage import percentile
from dashboard.extensions import db
from dashboard.lib import clock

HOUR = 3600
A_WEEK = 7 * 24  # hours

_COUNTED = (*DURATIONS, ERROR, BLOCKED)
_OPENED = AppUsage.measure == OPENED
_AGENTS = func.count(AppUsage.bucket.distinct())
_OPENINGS = (func.sum(AppUsage.count), _AGENTS)
_KIND = (AppUsage.measure, AppUsage.bucket)


@dataclass(frozen=True)
class Period:
    """So many bars of so many hours; the last one is not over yet."""

    bars: int
    step: int


PERIODS = {"24h": Period(24, 1), "7d": Period(7, 24), "30d": Period(30, 24)}


@dataclass
class Usage:
    """What was counted in so many hours from one moment on; durations by the bounds that they are within."""

    start: datetime
    hours: int
    opened: int = 0
    agents: int = 0
    counts: dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in _COUNTED})

    @property
    def middle(self) -> datetime:
        return self.start + timedelta(hours=self.hours) / 2

    def duration(self, measure: str, share: float) -> int | None:
        """Within how many milliseconds that share was; None where nothing was measured."""
        return percentile(self.counts[measure], share)

    def measured(self, measure: str) -> int:
        return self.counts[measure].total()

    @property
    def not_up(self) -> int:
        return self.counts[ERROR][NOT_UP]

    @property
    def refused(self) -> int:
        return self.counts[ERROR][REFUSED]

    @property
    def errors(self) -> int:
        return self.measured(ERROR)

    @property
    def blocked(self) -> int:
        return self.measured(BLOCKED)

    @property
    def is_empty(self) -> bool:
        return not (self.opened or any(counts.total() for counts in self.counts.values()))


def usage_of(app: DashboardApp, period: Period, *, zone: tzinfo = UTC) -> tuple[Usage, list[Usage]]:
    """All of a period, and each bar of it, the oldest first. Days are those of the zone, to the hour."""
    now = clock.now().astimezone(zone)
    offset = int((now.utcoffset() or timedelta()).total_seconds() // HOUR)
    first = (clock.epoch(now) // HOUR + offset) // period.step - period.bars + 1
    since = first * period.step - offset
    begins = [since + place * period.step for place in range(period.bars)]
    bars = {
        first + place: Usage(clock.from_epoch(hour * HOUR), period.step) for place, hour in enumerate(begins)
    }
    whole = Usage(clock.from_epoch(since * HOUR), period.step * period.bars)
    here = (AppUsage.app_id == app.id, AppUsage.hour.between(since, begins[-1] + period.step - 1))
    bar = ((AppUsage.hour + offset) // period.step).label("bar")
    for place, opened, agents in db.session.execute(
        select(bar, *_OPENINGS).where(*here, _OPENED).group_by("bar")
    ):
        bars[place].opened, bars[place].agents = int(opened), agents
    whole.opened = sum(usage.opened for usage in bars.values())
    whole.agents = db.session.scalar(select(_AGENTS).where(*here, _OPENED)) or 0
    others = select(bar, *_KIND, func.sum(AppUsage.count)).where(*here, ~_OPENED).group_by("bar", *_KIND)
    for place, measure, bucket, count in db.session.execute(others):
        bars[place].counts[measure][bucket] += int(count)
        whole.counts[measure][bucket] += int(count)
    return whole, list(bars.values())


def opened_lately(apps: Iterable[DashboardApp]) -> dict[int, int]:
    """How often each of these apps was opened within seven days."""
    query = select(AppUsage.app_id, func.sum(AppUsage.count)).where(
        AppUsage.app_id.in_([app.id for app in apps]),
        AppUsage.hour > clock.epoch(clock.now()) // HOUR - A_WEEK,
        _OPENED,
    )
    return {app_id: int(count) for app_id, count in db.session.execute(query.group_by(AppUsage.app_id))}
