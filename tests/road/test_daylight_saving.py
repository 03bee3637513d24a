"""The hour that comes twice and the hour that never comes: one launch each week all the same."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.road.calendar_demo import ADS, NEWS, edit, only, run
from tests.road.record import Record, doubled, lost

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday before each of the two week-ends on which Berlin's clocks are changed.
AUTUMN = datetime(2026, 10, 19, 4, 0, tzinfo=UTC)
SPRING = datetime(2027, 3, 15, 4, 0, tzinfo=UTC)
DAYS = 17


def launches(folder: Path, campaign: str) -> list[datetime]:
    """The local moments of every cycle that went live; each is one occurrence, and goes once."""
    record = Record(folder)
    assert (doubled(record), lost(record)) == ([], [])
    launched = [e.cycle for e in record.entries("launched")]
    moments = {row.id: row.occurrence_at.astimezone(BERLIN) for row in record.cycles(campaign)}
    record.close()
    assert len(launched) == len(set(launched))
    return [moments[cycle] for cycle in launched]


@pytest.mark.parametrize("begins", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_tuesday_at_nine_stays_tuesday_at_nine(tmp_path: Path, begins: datetime) -> None:
    only(tmp_path, NEWS, begins)
    run(tmp_path, begins, DAYS)
    moments = launches(tmp_path, NEWS)
    assert {(f"{at:%a}", at.hour, at.minute) for at in moments} == {("Tue", 9, 0)}
    weeks = {later.date() - earlier.date() for earlier, later in pairwise(moments)}
    assert weeks == {timedelta(weeks=1)}
    assert len({at.utcoffset() for at in moments}) == 2
    assert len(moments) >= 3


@pytest.mark.parametrize(
    ("begins", "changed"),
    [
        # 02:30 comes twice on that Sunday; the first of the two counts.
        pytest.param(AUTUMN, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="comes-twice"),
        # 02:30 never comes: the hour that took its place counts.
        pytest.param(SPRING, datetime(2027, 3, 28, 1, 30, tzinfo=UTC), id="never-comes"),
    ],
)
def test_half_past_two_on_sunday_is_neither_skipped_nor_doubled(
    tmp_path: Path, begins: datetime, changed: datetime
) -> None:
    edit(only(tmp_path, ADS, begins), 'weekday: mon, at: "08:00"', 'weekday: sun, at: "02:30"')
    run(tmp_path, begins, DAYS)
    moments = launches(tmp_path, ADS)
    assert changed in [at.astimezone(UTC) for at in moments]
    weeks = [later.date() - earlier.date() for earlier, later in pairwise(moments)]
    assert weeks == [timedelta(weeks=1)] * (len(moments) - 1)
    assert len(moments) >= 2
