"""A soft approval in a running workspace: the worker lets it act when its hold is over."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.inline import Inline
from drumbeat.files.scaffold import init
from drumbeat.gate.internal import chosen_by
from drumbeat.store import proposals, settings
from drumbeat.store.proposals import Status

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
NEWS = "weekly-newsletter"
_SOFT = """  campaign.set:
    min_confidence: 0.6
    hold: 30m
"""


@pytest.fixture
def app(tmp_path: Path) -> App:
    init(tmp_path / "northbean", date(2026, 11, 23))
    policy = tmp_path / "northbean" / "policy" / "actions.yaml"
    text = policy.read_text(encoding="utf-8")
    own = text.replace("  campaign.set:\n", _SOFT, 1)
    rows = own.replace(
        "phase: conditional\n    approvals: {roles: [manager, operator]",
        "phase: supervised\n    approvals: {roles: [manager, operator]",
        1,
    )
    policy.write_text(rows, encoding="utf-8")
    made = open_app(tmp_path / "northbean", clock=VirtualClock(START), durable=False)
    made.work.start()
    return made


def asked(app: App) -> Proposal:
    """The planner wants another setting, and is not sure."""
    action = Action(
        kind="campaign.set",
        channel=Channel.WORKSPACE,
        connection="",
        campaign=NEWS,
        target=f"setting:{NEWS}/send_hour",
        before=None,
        after=10,
        spend_delta=Money.zero("EUR"),
    )
    unsure = Confidence(effect=0.1, standard_error=1.0, sample_size=10, signals=("opens",))
    return propose(
        action,
        Actor.agent("planner"),
        "mornings may be better",
        now=START,
        expires_at=START + timedelta(days=2),
        confidence=unsure,
    )


def run(app: App, until: datetime) -> None:
    assert isinstance(app.clock, VirtualClock)
    Inline(app.work, app.clock).run_until(until)


def chosen(app: App) -> object:
    with app.database.read() as connection:
        return settings.get(connection, chosen_by(NEWS), {}).get("send_hour")


def test_it_acts_by_itself_when_nobody_objects(app: App) -> None:
    wanted = asked(app)
    assert app.gate.submit(wanted).status is Status.WAITING
    run(app, START + timedelta(minutes=29))
    assert chosen(app) is None
    run(app, START + timedelta(minutes=31))
    assert chosen(app) == 10
    with app.database.read() as connection:
        judged = proposals.load(connection, wanted.id)
    assert judged is not None
    assert judged.status is Status.ALLOWED
    app.close()


def test_a_veto_stops_it(app: App) -> None:
    wanted = asked(app)
    app.gate.submit(wanted)
    run(app, START + timedelta(minutes=10))
    app.gate.reject(wanted.id, "dana", "not before Christmas", "timing")
    run(app, START + timedelta(hours=2))
    assert chosen(app) is None
    app.close()
