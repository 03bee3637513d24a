"""A post that a person turns down is neither late nor waited for; the rest is live meanwhile."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from drumbeat.app import approver
from drumbeat.store import escalations
from tests.road.calendar_demo import edit, only, run
from tests.road.record import Record, said

BEGINS = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
SOCIAL = "social-calendar"


def test_what_people_turn_down_is_named_as_that_and_not_as_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the draft phase every post is asked for; here the script turns one in three down."""
    monkeypatch.setattr(approver, "_REJECT_ONE_IN", 3)
    only(tmp_path, SOCIAL, BEGINS)
    edit(tmp_path / f"campaigns/{SOCIAL}.yaml", "phase: supervised", "phase: draft")
    run(tmp_path, BEGINS, 4.5)
    record = Record(tmp_path)
    rejected = [e for e in record.entries("rejected") if "schedule_post" in str(e.body)]
    declined = [t for e in record.entries("launched") for t in said(e)["declined"]]
    assert len(declined) == len(rejected) > 0
    assert not [t for e in record.entries("launched") for t in said(e)["missing"]]
    with record.database.read() as connection:
        told = [row.text for row in escalations.everything(connection)]
    assert not [text for text in told if "not launched in time" in text]
    record.close()
