"""The daily look at tests: read, decided once, ended through the gate, and asked again politely."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.app.experiments import Order, register
from drumbeat.app.library import ranked_library
from drumbeat.core.experiments.learned import lesson_of
from drumbeat.core.experiments.placement import Part, Placement
from drumbeat.core.experiments.registered import Registered
from drumbeat.core.operations.reading import Reading
from drumbeat.cycle import trials
from drumbeat.engine.clock import VirtualClock
from drumbeat.files.scaffold import init
from drumbeat.store import experiments, ledger, proposals, readings
from drumbeat.store.experiment_tables import experiment
from tests.core.experiments.samples import a_sizing

NOW = datetime(2026, 9, 14, 6, tzinfo=UTC)
NEWSLETTER = "weekly-newsletter"
SEGMENT = "loyal-customers"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    init(tmp_path / "shop", NOW.date(), "default")
    opened = open_app(tmp_path / "shop", clock=VirtualClock(NOW))
    yield opened
    opened.close()


def running(app: App, opens: tuple[int, int], split: tuple[int, int] = (4_000, 4_000)) -> str:
    """H-02 with one mail behind it: opens of the control's and the treatment's people."""
    made = register(app, Order(NEWSLETTER, "H-02", a_sizing(max_n=8_000, weeks=3)), "ana")
    target = f"send:{NEWSLETTER}/c1"
    parts = {"benefit": Part(dimension="variant", value="a"),
             "curiosity": Part(dimension="variant", value="b")}  # fmt: skip
    place = Placement(experiment=made.id, target=target, cycle="c1", at=NOW, parts=parts)
    found = []
    for variant, people, hits in zip("ab", split, opens, strict=True):
        counts = {"sent": people, "delivered": people, "opens": hits, "unsubscribes": 4}
        for metric, value in counts.items():
            found.append(
                Reading(metric=metric, target=target, since=NOW.replace(hour=0), as_of=NOW,
                        until=NOW.replace(hour=0) + timedelta(days=1), value=value,
                        source="test", dimensions={"variant": variant, "segment": SEGMENT})
            )  # fmt: skip
    with app.database.write() as transaction:
        experiments.place(transaction, [place])
        readings.save(transaction, {target: NEWSLETTER}, found)
    return made.id


def look(app: App, weeks: float) -> None:
    clock = app.clock
    assert isinstance(clock, VirtualClock)
    clock.reach(NOW + timedelta(weeks=weeks))
    trials.look(app.office, lambda write, until: None)


def kept(app: App, name: str) -> Registered:
    with app.database.read() as connection:
        found = experiments.load(connection, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("opens", "answer", "proposed"),
    [
        pytest.param((1_600, 2_000), "ship", True, id="it won"),
        pytest.param((2_000, 1_600), "roll_back", False, id="it lost"),
        pytest.param((1_800, 1_805), "roll_back", False, id="nothing was proven"),
    ],
)
def test_the_registered_rule_decides_and_a_winner_is_proposed(
    opens: tuple[int, int], answer: str, proposed: bool, app: App
) -> None:
    name = running(app, opens)
    look(app, 3)
    found = kept(app, name)
    with app.database.read() as connection:
        waiting = [j.proposal.action for j in proposals.waiting(connection)]
        (entry,) = ledger.entries(connection, kinds=("experiment_decided",))
    assert found.ended is not None
    assert (found.ended.answer, found.ended.entry) == (answer, entry.seq)
    assert "tests of subject won" in found.ended.taught
    assert [a.target for a in waiting] == (
        [f"setting:{NEWSLETTER}/subject_style"] if proposed else []
    )


def test_what_lost_is_told_and_claims_like_it_are_ranked_lower(app: App) -> None:
    def chances() -> dict[str, float]:
        found = ranked_library(app).ranked
        return {one.candidate.hypothesis.id: one.confidence for one in found}

    before = chances()
    name = running(app, (2_000, 1_600))
    look(app, 3)
    with app.database.read() as connection:
        (entry,) = ledger.entries(connection, kinds=("experiment_decided",))
        waiting = [j.proposal.action.kind for j in proposals.waiting(connection)]
    assert (entry.subject, entry.body["reason"]) == (name, "the treatment is worse")
    assert "experiment.roll_out" not in waiting
    assert lesson_of(kept(app, name)) is not None, "the next brief hears of it"
    after = chances()
    assert after["H-01"] < before["H-01"], "another claim about subjects"
    assert after["H-01"] < after["H-04"] <= before["H-04"], "and others hardly"


def test_a_win_waits_for_the_whole_weeks_it_was_given(app: App) -> None:
    name = running(app, (1_600, 2_000))
    look(app, 1)
    assert kept(app, name).is_running
    look(app, 3)
    assert not kept(app, name).is_running


def test_a_broken_split_is_a_persons_matter_and_teaches_nothing(app: App) -> None:
    name = running(app, (1_600, 1_200), split=(4_000, 3_000))
    look(app, 1)
    found = kept(app, name)
    assert found.ended is not None
    assert found.ended.answer == "review"
    assert found.shown is not None
    assert found.shown.is_split_broken
    assert found.ended.taught.startswith("0 of 0 tests")


def test_a_test_nobody_was_shown_is_given_up_after_its_weeks(app: App) -> None:
    made = register(app, Order(NEWSLETTER, "H-02", a_sizing(max_n=8_000, weeks=3)), "ana")
    look(app, 4)
    assert kept(app, made.id).is_running
    look(app, 5)
    ended = kept(app, made.id).ended
    assert ended is not None
    assert "nothing could be measured" in ended.reason


def test_a_look_taken_twice_says_it_once(app: App) -> None:
    running(app, (1_800, 1_900))
    look(app, 1)
    look(app, 1)
    with app.database.read() as connection:
        assert len(list(ledger.entries(connection, kinds=("experiment_read",)))) == 1


def test_a_registration_that_was_changed_after_its_seal_is_told_and_not_read(app: App) -> None:
    name = running(app, (1_600, 2_000))
    frozen = kept(app, name)
    sizing = frozen.experiment.sizing.model_copy(update={"max_n": 80_000})
    other = frozen.experiment.model_copy(update={"sizing": sizing})
    with app.database.write() as transaction:
        changed = experiment.update().where(experiment.c.id == name)
        transaction.execute(changed, {"body": frozen.model_copy(update={"experiment": other})})
    look(app, 3)
    with app.database.read() as connection:
        (told,) = ledger.entries(connection, kinds=("escalated",))
        read = ledger.entries(connection, kinds=("experiment_read", "experiment_decided"))
    assert name in str(told.body["text"])
    assert not list(read)
    assert kept(app, name).shown is None
