"""Every tick dies once, somewhere, and runs again: the story must not change."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from drumbeat.app.demo import Demo, open_demo, prepare, run_headless
from drumbeat.core.governance.entry import Entry
from drumbeat.cycle.desk import Office
from drumbeat.cycle.work import CampaignWork
from drumbeat.gate.door import EFFECTS
from tests.road.passages import on_commit
from tests.road.record import Record, doubled, lost

SEED = 7


class Crash(BaseException):
    """The process dies here; nothing may catch it."""


class Stuttering(CampaignWork):
    """Performs each tick up to its closing commit, loses it, and performs it again."""

    crashes = 0

    def _perform(self, subject: str, commit: Callable[..., None]) -> None:
        try:
            super()._perform(subject, _die)
        except Crash:
            self.crashes += 1
        super()._perform(subject, commit)


def _die(*_: object) -> None:
    raise Crash


class Stumbling(CampaignWork):
    """Dies at a seeded one of the first commits of each tick, and performs it again.

    Effects are left in peace: what becomes of a call whose answer was lost is another story, and
    takes its time.
    """

    def __init__(self, office: Office, seed: int) -> None:
        super().__init__(office)
        self.crashes = 0
        self._luck = random.Random(seed)
        self._left = 0
        on_commit(office.database, self._passed)

    def _passed(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Crash

    def _perform(self, subject: str, commit: Callable[..., None]) -> None:
        if subject != EFFECTS:
            self._left = self._luck.randint(1, 4)
            try:
                super()._perform(subject, _die)
            except Crash:
                self.crashes += 1
            self._left = 0
        super()._perform(subject, commit)


Make = Callable[[Demo], CampaignWork]


def run(folder: Path, make: Make) -> tuple[list[Entry], CampaignWork]:
    """A week of the demo with work of one's own."""
    prepare(folder, SEED)
    opened = open_demo(folder, SEED)
    work = make(opened)
    work.chores.update(opened.app.work.chores)
    vars(opened.app)["work"] = work
    run_headless(opened, 1)
    opened.app.close()
    record = Record(folder)
    entries = record.entries()
    assert (doubled(record), lost(record)) == ([], [])
    record.close()
    return entries, work


@pytest.fixture(scope="module")
def smooth(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """The story when nothing goes wrong."""
    return run(tmp_path_factory.mktemp("smooth"), lambda demo: demo.app.work)[0]


def test_a_tick_lost_before_its_commit_leaves_nothing_behind(
    smooth: list[Entry], tmp_path: Path
) -> None:
    rough, work = run(tmp_path, lambda demo: Stuttering(demo.app.office))
    assert isinstance(work, Stuttering)
    assert work.crashes > 80
    assert rough == smooth


@pytest.mark.parametrize("seed", [1, 2])
def test_a_tick_lost_anywhere_is_taken_up_where_it_was(
    smooth: list[Entry], tmp_path: Path, seed: int
) -> None:
    rough, work = run(tmp_path, lambda demo: Stumbling(demo.app.office, seed))
    assert isinstance(work, Stumbling)
    assert work.crashes > 80
    assert rough == smooth
