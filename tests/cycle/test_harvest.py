"""When something had to be read: what the watch itself goes by, asked backwards."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from drumbeat.cycle.desk import Office
from drumbeat.cycle.harvest import last_due
from drumbeat.store.objects import Watched

NOON = datetime(2026, 9, 9, 12, 20, tzinfo=UTC)


@dataclass(frozen=True)
class _Pace:
    calm_hours: int
    hot_hours: int


def watched(kind: str, hours_ago: float) -> Watched:
    return Watched(f"{kind}:x/1", "x", "here", NOON - timedelta(hours=hours_ago))


@pytest.mark.parametrize(
    ("kind", "hours_ago", "calm", "hot", "hours_back"),
    [
        pytest.param("line_item", 900, 1, 1, 0, id="ads are read every calm hour"),
        pytest.param("line_item", 900, 8, 2, 4, id="of which the demo has three a day"),
        pytest.param("send", 30, 8, 2, 4, id="a mail of yesterday is young"),
        pytest.param("send", 3, 8, 2, 0, id="one that just went out is hot"),
        pytest.param("send", 900, 1, 1, None, id="of an old one nothing new is read by the hour"),
        pytest.param("send", -5, 1, 1, None, id="one that has not gone out"),
        pytest.param("send", 0.1, 1, 1, None, id="nor one that has for six minutes"),
    ],
)
def test_the_last_reading_that_was_due(
    kind: str, hours_ago: float, calm: int, hot: int, hours_back: int | None
) -> None:
    office = cast("Office", _Pace(calm, hot))
    found = last_due([watched(kind, hours_ago)], NOON, office)
    hour = NOON.replace(minute=0)
    assert found == (None if hours_back is None else hour - timedelta(hours=hours_back))


def test_nothing_live_owes_nothing() -> None:
    assert last_due([], NOON, cast("Office", _Pace(1, 1))) is None
