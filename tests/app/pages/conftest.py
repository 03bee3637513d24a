"""Two weeks of the demo, played once; each test that changes something gets a copy."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.app.demo import open_demo, prepare, run_headless
from drumbeat.engine.inline import Inline
from tests.app.pages.world import LAUNCH, World

SEED = 7
_STRIDE = timedelta(hours=6)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two weeks behind it, stopped when the next launch asks for a person."""
    folder = tmp_path_factory.mktemp("pages") / "demo"
    prepare(folder, SEED)
    demo = open_demo(folder, SEED)
    run_headless(demo, 2)
    world = World(demo)
    inline = Inline(demo.app.work, demo.clock)
    while not world.waiting(LAUNCH):
        inline.run_until(demo.clock.now() + _STRIDE)
    demo.app.close()
    return folder


@pytest.fixture(scope="session")
def seen(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For tests that only look."""
    yield from _opened(played, tmp_path_factory.mktemp("seen") / "demo")


@pytest.fixture
def world(played: Path, tmp_path: Path) -> Iterator[World]:
    """For tests that answer, order, or let time pass."""
    yield from _opened(played, tmp_path / "demo")


def _opened(played: Path, folder: Path) -> Iterator[World]:
    shutil.copytree(played, folder)
    demo = open_demo(folder, SEED)
    yield World(demo)
    demo.app.close()
