"""Small charts: where their bars stand, and how high."""

import pytest

from dashboard.lib.charts import HEIGHT
from dashboard.lib.charts import LEAST
from dashboard.lib.charts import WIDTH
from dashboard.lib.charts import bars


def test_bars_stand_side_by_side_on_the_ground_as_high_as_they_count() -> None:
    low, high = bars([1, 4], top=4)

    assert (low.height, high.height) == (HEIGHT / 4, HEIGHT)
    assert [bar.y + bar.height for bar in (low, high)] == [HEIGHT, HEIGHT]
    assert 0 < low.x < low.x + low.width < high.x < high.x + high.width < WIDTH


@pytest.mark.parametrize(("value", "height"), [(0, 0), (None, 0), (1, LEAST), (10_000_000, HEIGHT)])
def test_what_is_there_is_seen_and_stays_in_the_box(value: int | None, height: float) -> None:
    (bar,) = bars([value], top=1_000_000)

    assert bar.height == height


def test_a_chart_of_nothing_is_flat() -> None:
    assert bars([], top=0) == []
    assert [bar.height for bar in bars([0, None], top=0)] == [0, 0]
