"""Without a declared attribution window no figure can be trusted: nothing is optimized on any."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from drumbeat.store import escalations
from tests.road.calendar_demo import ADS, edit, only, run
from tests.road.record import Record

BEGINS = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
DAYS = 11


def take_the_window_away(folder: Path) -> None:
    edit(folder / "data" / "attribution.yaml", "default: {click_window: 7d, ", "default: {")
    edit(folder / "data" / "attribution.yaml", "ads: {click_window: 7d, ", "ads: {")


def take_the_file_away(folder: Path) -> None:
    (folder / "data" / "attribution.yaml").unlink()


@pytest.mark.parametrize("take_away", [take_the_window_away, take_the_file_away])
def test_optimization_stops_and_somebody_is_told(tmp_path: Path, take_away: object) -> None:
    only(tmp_path, ADS, BEGINS)
    assert callable(take_away)
    take_away(tmp_path)
    run(tmp_path, BEGINS, DAYS)
    record = Record(tmp_path)
    with record.database.read() as connection:
        told = [row for row in escalations.everything(connection) if row.failure == "data"]
    assert any("attribution.yaml" in row.text for row in told)
    assert {row.campaign for row in told} == {ADS}
    assert [e for e in record.entries("judged") if e.actor == "agent:optimizer"] == []
    assert record.entries("held_steady") == []
    # What was planned and approved still goes out: only changing it on bad figures is blocked.
    assert len(record.entries("launched")) == 2
    record.close()
