"""Fixtures of the road's tests: one long demo, run once a session and only read from then on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drumbeat.app.demo import open_demo, prepare, run_headless
from tests.postgres import postgres
from tests.road.record import Record
from tests.road.shared_run import shared_run

__all__ = ["postgres"]

SEED = 7
# Social posts are judged three days after the last one: in the third week.
WEEKS = 3


def _three_weeks(folder: Path) -> None:
    prepare(folder, SEED)
    demo = open_demo(folder, SEED)
    run_headless(demo, WEEKS)
    demo.app.close()


@pytest.fixture(scope="session")
def finished(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Record]:
    """The demo after three weeks. Read only: every test shares it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "master")
    record = Record(shared_run(tmp_path_factory, worker, "three-weeks", _three_weeks))
    yield record
    record.close()
