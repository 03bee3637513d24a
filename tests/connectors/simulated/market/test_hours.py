from datetime import UTC, datetime

import numpy as np
import pytest

from drumbeat.connectors.simulated.market.hours import Almanac, hour_of, moment_of


def test_hours_and_moments_are_the_same_thing() -> None:
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert moment_of(hour_of(moment)) == moment


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        hour_of(datetime(2026, 3, 29))


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        pytest.param(datetime(2026, 3, 29, 0, tzinfo=UTC), (1, 6, 88), id="before-the-gap"),
        pytest.param(datetime(2026, 3, 29, 1, tzinfo=UTC), (3, 6, 88), id="after-the-gap"),
        pytest.param(datetime(2026, 10, 25, 0, tzinfo=UTC), (2, 6, 298), id="first-two-o-clock"),
        pytest.param(datetime(2026, 10, 25, 1, tzinfo=UTC), (2, 6, 298), id="second-two-o-clock"),
        pytest.param(datetime(2026, 12, 31, 23, tzinfo=UTC), (0, 4, 1), id="new-year-in-berlin"),
    ],
)
def test_local_time_follows_daylight_saving(moment: datetime, local: tuple[int, ...]) -> None:
    assert Almanac("Europe/Berlin").at(int(hour_of(moment)))[:3] == local


def test_many_hours_at_once_are_the_same_as_one_by_one() -> None:
    almanac = Almanac("America/New_York")
    hours = np.array([493_000, 491_234, 492_000], dtype=np.int64)
    assert [tuple(row) for row in almanac.local(hours).tolist()] == [
        almanac.at(int(hour)) for hour in hours
    ]
