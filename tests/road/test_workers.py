"""`drumbeat up` for real: threads, leases and processes, on a clock that makes a week short."""

import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.compose import open_app
from drumbeat.app.demo import START, prepare
from drumbeat.app.running import demo_clock, publish_clock
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.engine.clock import VirtualClock
from drumbeat.store.database import sqlite_url
from tests.road.command import running
from tests.road.record import Record, doubled, lost, said

SEED = 7
# Virtual seconds a real one: an hour passes in one.
SPEED = 3600.0
EARLY = START - timedelta(days=1)


def begin(folder: Path) -> None:
    """A demo's workspace on a running clock. It starts a day early: processes take a while to."""
    prepare(folder, SEED)
    root = folder / "drumbeat.yaml"
    text = root.read_text(encoding="utf-8")
    root.write_text(text.replace(START.isoformat(), EARLY.isoformat()), encoding="utf-8")
    publish_clock(folder, VirtualClock(EARLY, SPEED))


def answer_until(folder: Path, url: str, days: float, launches: int) -> None:
    """Scripted people answer beside the running processes, until so much has happened."""
    clock = demo_clock(folder)
    assert clock is not None
    app = open_app(folder, database_url=url, clock=clock)
    approver, record = ScriptedApprover(app.gate, SEED), Record(folder, url)
    deadline = time.monotonic() + 800
    while clock.now() < EARLY + timedelta(days=days) or len(record.entries("launched")) < launches:
        assert time.monotonic() < deadline, "the work does not go on"
        approver(clock.now())
        time.sleep(0.2)
    record.close()
    app.close()


def examine(folder: Path, url: str) -> list[str]:
    """What must hold afterwards; returns the campaigns launched."""
    record = Record(folder, url)
    assert isinstance(verify(record.entries()), Intact)
    assert (doubled(record), lost(record)) == ([], [])
    opened = [(e.campaign, said(e)["occurrence"]) for e in record.entries("cycle_opened")]
    assert len(opened) == len(set(opened))
    launched = [e.campaign for e in record.entries("launched")]
    record.close()
    return launched


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("days", "launches"),
    [
        pytest.param(0.5, 1, id="a-day"),
        pytest.param(9, 4, id="a-week", marks=pytest.mark.slow),
    ],
)
def test_one_process_runs_a_workspace_on_sqlite(tmp_path: Path, days: float, launches: int) -> None:
    begin(tmp_path)
    url = sqlite_url(tmp_path / "drumbeat.db")
    with running("up", "-C", tmp_path, until="Drumbeat runs at") as process:
        answer_until(tmp_path, url, days, launches)
        assert process.poll() is None
    assert len(examine(tmp_path, url)) >= launches


@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("days", "launches"),
    [
        pytest.param(0.5, 1, id="a-day"),
        pytest.param(9, 4, id="a-week", marks=pytest.mark.slow),
    ],
)
def test_two_processes_share_a_workspace_on_postgres(
    tmp_path: Path, days: float, launches: int, request: pytest.FixtureRequest
) -> None:
    begin(tmp_path)
    url = request.getfixturevalue("postgres")()
    with ExitStack() as stack:
        up = stack.enter_context(
            running("up", "-C", tmp_path, "--database", url, until="Drumbeat runs at")
        )
        worker = stack.enter_context(
            running("worker", "-C", tmp_path, "--database", url, until="is at work")
        )
        answer_until(tmp_path, url, days, launches)
        assert (up.poll(), worker.poll()) == (None, None)
    assert len(examine(tmp_path, url)) >= launches
