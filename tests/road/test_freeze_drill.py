"""Frozen on the wall's clock: no call begins after a freeze, whatever is running or to come."""

from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.store.effects import EffectStatus
from tests.road.freeze_drill import QUEUED, RUNNING, SCHEDULED, drill


@pytest.mark.timeout(300)
def test_no_outside_call_begins_after_a_freeze(tmp_path: Path) -> None:
    """By the ledger's order: a slow machine changes nothing; `benchmarks.freeze` has the time."""
    seen = drill(tmp_path)
    assert seen.attempts == []
    # One mail may have passed the last look when the freeze was written, and is on the wire then.
    assert len(seen.after) <= 1, seen.after
    assert all(late < timedelta(seconds=5) for late in seen.after)
    assert seen.statuses == dict.fromkeys((RUNNING, *QUEUED, SCHEDULED), EffectStatus.HELD)
