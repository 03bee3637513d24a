"""SIGKILL at any moment: no handler runs, nothing is cleaned up, and nothing is lost or doubled."""

import random
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from drumbeat.app.demo import START, prepare
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.store import dues
from tests.road.record import Record, doubled, lost, said

REPOSITORY = Path(__file__).parents[2]
SEED = 7
# Which passage a death falls on, at most: short lives, though each gets somewhere.
REACH = {"statement": 1000, "commit": 250, "call": 3, "answer": 3}
FAR_AWAY = 100


def live(folder: Path, weeks: int, fate: str = "") -> subprocess.CompletedProcess[str]:
    """One life of the demo, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tests.road.mortal", str(folder), str(SEED), str(weeks), fate],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )


def fates(seed: int, count: int) -> list[str]:
    """Deaths drawn by a seed: each kind of passage as often as the others, in mixed order."""
    luck = random.Random(seed)
    kinds = [list(REACH)[number % len(REACH)] for number in range(count)]
    luck.shuffle(kinds)
    return [f"{kind}:{luck.randint(1, REACH[kind])}" for kind in kinds]


def examine(folder: Path) -> None:
    """Everything that must hold of a run that has come to its end."""
    record = Record(folder)
    entries = record.entries()
    assert isinstance(verify(entries), Intact)
    assert doubled(record) == []
    assert lost(record) == []
    assert all(before.at <= after.at for before, after in pairwise(entries))
    with record.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert dues.load(connection, "watch") is not None
    record.close()


def launched(folder: Path) -> dict[str, int]:
    """How many cycles of each campaign went live."""
    record = Record(folder)
    told = [entry.campaign for entry in record.entries("launched")]
    record.close()
    return {campaign: told.count(campaign) for campaign in set(told)}


def attempts(record: Record, key: str) -> list[tuple[str, int]]:
    """What the ledger says of one change, in order: the kind of entry and the attempt."""
    mine = (entry for entry in record.entries() if said(entry).get("permit") == key)
    return [(entry.kind, said(entry)["attempt"]) for entry in mine]


def test_killed_three_times_the_demo_still_does_everything_once(tmp_path: Path) -> None:
    prepare(tmp_path, SEED)
    record = Record(tmp_path)
    # Before the call: it did not happen, and is tried again.
    assert live(tmp_path, 1, "call:1").returncode == -signal.SIGKILL
    assert record.orders() == []
    # After the call, before its answer was written down: it happened, and is looked up.
    assert live(tmp_path, 1, "answer:1").returncode == -signal.SIGKILL
    (first,) = record.orders()
    assert attempts(record, first.key) == [("attempted", 1), ("attempted", 2)]
    assert live(tmp_path, 1, "commit:300").returncode == -signal.SIGKILL
    assert attempts(record, first.key)[2:] == [("applied", 2)]
    last = live(tmp_path, 1)
    assert last.returncode == 0, last.stderr
    examine(tmp_path)
    assert record.orders()[0] == first
    assert launched(tmp_path)["weekly-newsletter"] == 2
    record.close()


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_fifty_times_the_demo_still_does_everything_once(tmp_path: Path, seed: int) -> None:
    prepare(tmp_path, SEED)
    for fate in fates(seed, 52):
        ended = live(tmp_path, FAR_AWAY, fate)
        assert ended.returncode == -signal.SIGKILL, f"{fate}: {ended.stderr}"
    reached = Record(tmp_path).entries()[-1].at
    last = live(tmp_path, (reached - START).days // 7 + 2)
    assert last.returncode == 0, last.stderr
    examine(tmp_path)
    assert len(launched(tmp_path)) == 3
    assert min(launched(tmp_path).values()) >= 3
