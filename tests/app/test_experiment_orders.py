"""What people decide about a test beside its rule: start, ship, keep running; all by the gate."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.app.experiment_orders import keep_running, ship, start
from drumbeat.app.experiments import ExperimentRefused, Order, register, registered
from drumbeat.core.experiments.rule import Answer
from drumbeat.engine.clock import VirtualClock
from drumbeat.files.scaffold import init
from drumbeat.gate.answer import Answered
from drumbeat.store import proposals, settings
from drumbeat.store.proposals import Status
from tests.core.experiments.samples import a_sizing

NOW = datetime(2026, 9, 14, 6, tzinfo=UTC)
NEWSLETTER = "weekly-newsletter"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    init(tmp_path / "shop", NOW.date(), "default")
    opened = open_app(tmp_path / "shop", clock=VirtualClock(NOW), durable=False)
    yield opened
    opened.close()


@pytest.fixture
def test_id(app: App) -> str:
    return register(app, Order(NEWSLETTER, "H-02", a_sizing(max_n=8_000, weeks=3)), "ana").id


def chosen(app: App) -> dict[str, object]:
    with app.database.read() as connection:
        found: dict[str, object] = settings.get(connection, f"campaign-set:{NEWSLETTER}", {})
        return found


def test_shipping_before_the_rule_spoke_takes_another_person_and_ends_the_test(
    app: App, test_id: str
) -> None:
    assert registered(app, test_id).advice is Answer.KEEP_GOING
    judged = ship(app, test_id, "ana", "it is plain to see")
    assert judged.status is Status.WAITING
    assert registered(app, test_id).is_running
    own = app.gate.approve(judged.proposal.id, "ana", judged.proposal.fingerprint, "")
    assert not isinstance(own, Answered)
    answers = [
        app.gate.approve(judged.proposal.id, one, judged.proposal.fingerprint, "yes")
        for one in ("dana", "mei", "jon")
    ]
    assert any(isinstance(one, Answered) for one in answers), answers
    app.clock.reach(NOW + timedelta(hours=1))  # type: ignore[attr-defined]
    app.gate.pump()
    assert chosen(app)["subject_style"] == {"value": "curiosity", "experiment": test_id}
    ended = registered(app, test_id)
    assert ended.status == "stopped"
    assert ended.ended is not None
    assert "before its rule spoke" in ended.ended.reason
    with pytest.raises(ExperimentRefused, match="set already"):
        ship(app, test_id, "ana", "again")


@pytest.mark.parametrize("account", ["vera", "nobody"])
def test_who_may_not_propose_it_is_refused_by_the_gate(
    app: App, test_id: str, account: str
) -> None:
    with pytest.raises(ExperimentRefused):
        ship(app, test_id, account, "because")
    assert registered(app, test_id).is_running


def test_keeping_a_test_running_turns_down_what_is_proposed_about_it(
    app: App, test_id: str
) -> None:
    with pytest.raises(ExperimentRefused, match="nobody proposes to end it"):
        keep_running(app, test_id, "dana", "give it time")
    asked = ship(app, test_id, "ana", "it is plain to see")
    assert keep_running(app, test_id, "dana", "give it time") == 1
    with app.database.read() as connection:
        found = proposals.load(connection, asked.proposal.id)
    assert found is not None
    assert (found.status, found.reason) == (Status.REJECTED, "give it time")
    assert registered(app, test_id).is_running


@pytest.mark.parametrize(
    ("campaign", "hypothesis", "why"),
    [
        (NEWSLETTER, "H-02", "has not run yet"),
        (NEWSLETTER, "H-05", "has not run yet"),
    ],
)
def test_a_hypothesis_that_cannot_be_tested_says_why(
    app: App, campaign: str, hypothesis: str, why: str
) -> None:
    with pytest.raises(ExperimentRefused, match=why):
        start(app, campaign, hypothesis, "ana")
