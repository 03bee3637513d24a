"""A quarter of the demo: tests are decided, their lessons followed, and what was added is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.app.added import added
from drumbeat.app.demo import open_demo, prepare, run_headless
from drumbeat.core.experiments.holdout import Treatment
from drumbeat.core.experiments.incremental import Lifted
from drumbeat.store import experiments
from tests.road.record import Record, doubled, lost

SEED, WEEKS = 7, 12
NEWSLETTER, ADS = "weekly-newsletter", "retargeting-evergreen"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Record, list[Lifted]]]:
    folder: Path = tmp_path_factory.mktemp("quarter")
    prepare(folder, SEED)
    demo = open_demo(folder, SEED)
    run_headless(demo, WEEKS)
    found = [*added(demo.app, NEWSLETTER, demo.app.clock.now())]
    demo.app.close()
    record = Record(folder)
    yield record, found
    record.close()


@pytest.mark.parametrize("campaign", [NEWSLETTER, ADS])
def test_a_test_is_registered_read_and_decided(
    quarter: tuple[Record, list[Lifted]], campaign: str
) -> None:
    record, _ = quarter
    decided = record.entries("experiment_decided", campaign=campaign)
    assert decided
    with record.database.read() as connection:
        kept = experiments.load(connection, decided[0].subject)
    assert kept is not None
    assert kept.ended is not None
    assert kept.ended.entry == decided[0].seq
    assert kept.shown is not None
    assert not kept.shown.is_split_broken
    weeks = (decided[0].at - kept.experiment.registered_at) / timedelta(weeks=1)
    assert kept.experiment.min_weeks <= weeks <= kept.experiment.sizing.weeks + 3


def test_a_decision_reaches_a_later_brief_and_is_cited(
    quarter: tuple[Record, list[Lifted]],
) -> None:
    record, _ = quarter
    (decided, *_) = record.entries("experiment_decided", campaign=NEWSLETTER)
    briefs = [record.document(cycle.id, "brief") for cycle in record.cycles(NEWSLETTER)]
    cited = {
        entry for brief in briefs for lesson in brief["lessons"] for entry in lesson["entries"]
    }
    assert str(decided.seq) in cited


def test_the_newsletters_lift_is_measured_against_nothing(
    quarter: tuple[Record, list[Lifted]],
) -> None:
    _, found = quarter
    against = {(one.outcome, one.against): one for one in found}
    orders = against["conversions", Treatment.NOTHING]
    assert orders.total is not None
    assert orders.total[0] < orders.total[1] < orders.total[2]
    assert against["qualified leads", Treatment.NOTHING].total is None


def test_a_quarter_leaves_nothing_doubled_and_nothing_lost(
    quarter: tuple[Record, list[Lifted]],
) -> None:
    record, _ = quarter
    assert doubled(record) == []
    assert lost(record) == []
