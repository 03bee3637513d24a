"""Two weeks on platforms that lose calls, lose answers and are too busy: nothing is doubled."""

from pathlib import Path

import pytest

from drumbeat.app.demo import open_demo, prepare, run_headless
from drumbeat.core.governance.entry import Intact, verify
from tests.road.calendar_demo import edit
from tests.road.record import Record, doubled, lost, said

OFTEN = (
    "timeout_before_commit=0.15, timeout_after_commit=0.15, error_after_commit=0.1, rate_limit=0.2"
)
SLOW_TO_SHOW = f"{OFTEN}, look_up_lag=10m"


def run(folder: Path, faults: str, seed: int, weeks: int) -> Record:
    """The demo with trouble on purpose."""
    prepare(folder, seed)
    for channel in ("email", "ads", "social"):
        edit(
            folder / "drumbeat.yaml",
            f"channel: {channel}}}",
            f"channel: {channel}, faults: '{faults}'}}",
        )
    demo = open_demo(folder, seed)
    run_headless(demo, weeks)
    demo.app.close()
    return Record(folder)


@pytest.mark.parametrize(
    ("faults", "seed", "weeks"),
    [
        pytest.param(OFTEN, 7, 2, id="often"),
        pytest.param(SLOW_TO_SHOW, 8, 2, id="slow-to-show", marks=pytest.mark.slow),
        pytest.param(OFTEN, 9, 6, id="six-weeks", marks=pytest.mark.slow),
        pytest.param(SLOW_TO_SHOW, 10, 6, id="six-weeks-slow-to-show", marks=pytest.mark.slow),
    ],
)
def test_lost_calls_and_lost_answers_double_nothing_and_lose_nothing(
    tmp_path: Path, faults: str, seed: int, weeks: int
) -> None:
    record = run(tmp_path, faults, seed, weeks)
    kinds = [entry.kind for entry in record.entries()]
    again = [said(e)["attempt"] for e in record.entries("attempted")]
    assert kinds.count("unknown") >= 3
    assert max(again) >= 2
    assert isinstance(verify(record.entries()), Intact)
    assert (doubled(record), lost(record)) == ([], [])
    assert {e.campaign for e in record.entries("launched")} == {
        "retargeting-evergreen",
        "social-calendar",
        "weekly-newsletter",
    }
    record.close()
