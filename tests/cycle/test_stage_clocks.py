"""A cycle moves from stage to stage, and the clocks hear of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from drumbeat.agents.reviewer import ROLE
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.sla import Sla
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.operations.business_calendar import ALWAYS
from drumbeat.core.operations.sla_clock import ClockState, SlaClock, used
from drumbeat.core.operations.sla_policy import SlaFile, policies_of
from drumbeat.cycle import compliance, stage_clocks
from drumbeat.cycle.clocks import AUDIT
from drumbeat.cycle.desk import Desk, Desks, Office
from drumbeat.cycle.step import Wait
from drumbeat.cycle.work import CampaignWork
from drumbeat.engine.tick import Tick
from drumbeat.gate.escalate import escalate
from drumbeat.gate.rules import Promise
from drumbeat.store import clocks, effects, escalations
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.store.effects import EffectStatus
from drumbeat.testing.gate_world import CAMPAIGN, START
from tests.gate.escalation_world import EscalationWorld, escalation_world

SLA = Sla.model_validate({"plan": "48h", "launch": "4h", "detect": "15m", "recover": "4h"})
BRIEF = cast(Any, SimpleNamespace(campaign=CAMPAIGN, sla=SLA, channels=("ads",)))


class Road:
    """One cycle that is driven by hand."""

    def __init__(self, folder: Path) -> None:
        self.world: EscalationWorld = escalation_world(folder)
        rules = self.world.door.rules
        promises = tuple(Promise(policy, ALWAYS) for policy in policies_of(BRIEF))
        own = replace(rules.campaigns[CAMPAIGN], promises=promises)
        self.world.door.rules = replace(rules, campaigns={CAMPAIGN: own})
        self.office = Office(
            self.world.gate, cast(Any, None), cast(Any, None), cast(Any, None), Desks()
        )
        self.stage, self.entered = "intake", START

    @property
    def desk(self) -> Desk:
        row = CycleRow(
            "cyc-1",
            CAMPAIGN,
            1,
            START + timedelta(days=5),
            self.stage,
            CycleStatus.OPEN,
            self.entered,
            "",
        )
        return Desk(self.office, BRIEF, row, {})

    def to(self, following: str) -> None:
        with self.world.database.write() as transaction:
            stage_clocks.moves(self.desk, transaction, following)
        self.stage, self.entered = following, self.world.clock.now()

    def wait(self) -> None:
        with self.world.database.write() as transaction:
            stage_clocks.waits(self.desk, transaction)

    def clock(self, stage: str) -> SlaClock:
        with self.world.database.read() as connection:
            return next(c for c in clocks.started(connection) if c.policy.stage == stage)


@pytest.fixture
def road(tmp_path: Path) -> Road:
    return Road(tmp_path)


def test_planning_counts_from_the_opening_of_the_cycle(road: Road) -> None:
    road.world.clock.advance(timedelta(hours=3))
    road.wait()
    assert road.clock("plan").started_at == START
    road.to("planning")
    road.world.clock.advance(timedelta(hours=2))
    road.to("building")
    plan = road.clock("plan")
    assert (plan.state, plan.accumulated) == (ClockState.MET, timedelta(hours=5))


def test_each_stage_has_its_own_clock(road: Road) -> None:
    for following in ("planning", "building", "compliance", "approval", "launch", "monitoring"):
        road.world.clock.advance(timedelta(minutes=30))
        road.to(following)
    with road.world.database.read() as connection:
        found = {str(c.policy.stage): (c.state, c.accumulated) for c in clocks.started(connection)}
    half = (ClockState.MET, timedelta(minutes=30))
    assert found == {
        "plan": (ClockState.MET, timedelta(hours=1)),
        "qa": half,
        "approve": half,
        "launch": half,
    }


def test_a_stage_that_takes_too_long_is_told_and_settles_when_it_is_done(road: Road) -> None:
    road.to("planning")
    road.world.pass_time(hours=24)
    road.world.pass_time(hours=25)
    told = [text for _, text, _ in road.world.told()]
    assert told[0].startswith("50% of the time for plan")
    assert told[1].startswith("late: plan was due at 2026-03-04 08:00 UTC")
    assert road.world.rows()[0].state == "open"
    road.to("building")
    assert road.world.rows()[0].state == "resolved"


def test_what_was_stuck_is_settled_when_the_stage_goes_on(road: Road) -> None:
    road.to("planning")
    with road.world.database.write() as transaction:
        escalate(
            road.world.door,
            transaction,
            failure="data",
            severity="warning",
            text="no segment",
            key="cyc-1/planning",
            campaign=CAMPAIGN,
            cycle="cyc-1",
        )
    road.to("building")
    assert [row.state for row in road.world.rows()] == ["resolved"]


def test_a_freeze_stops_the_clocks_it_covers(road: Road) -> None:
    road.to("planning")
    scope = Scope(kind=ScopeKind.CAMPAIGN, of=CAMPAIGN)
    road.world.pass_time(hours=10)
    road.world.gate.hold(HoldMode.FREEZE, scope, Actor.person("jon"), "look first")
    road.world.pass_time(hours=0)
    road.world.pass_time(hours=100)
    assert used(road.clock("plan"), road.world.clock.now()) == timedelta(hours=10)
    road.world.gate.lift(HoldMode.FREEZE, scope, Actor.person("dana"), "fine", is_fresh=True)
    road.world.pass_time(hours=0)
    road.world.pass_time(hours=38)
    assert road.clock("plan").state is ClockState.BREACHED


def test_a_launch_that_waits_for_its_moment_is_not_late(road: Road) -> None:
    road.stage = "approval"
    road.to("launch")
    _scheduled(road, hours=96)
    road.wait()
    road.world.pass_time(hours=90)
    assert road.clock("launch").state is ClockState.PAUSED


def test_a_launch_that_had_to_be_tried_again_counts(road: Road) -> None:
    road.stage = "approval"
    road.to("launch")
    _scheduled(road, hours=1)
    with road.world.database.write() as transaction:
        effects.move(transaction, "permit", EffectStatus.READY, EffectStatus.READY, attempt=1)
    road.wait()
    road.world.pass_time(hours=4)
    assert road.clock("launch").state is ClockState.BREACHED


def test_nothing_of_a_cycle_that_is_over_can_be_late(road: Road) -> None:
    road.to("planning")
    with road.world.database.write() as transaction:
        stage_clocks.ends(road.desk, transaction)
    road.world.pass_time(hours=100)
    assert road.clock("plan").state is ClockState.MET
    assert road.world.told() == []


def _audit(road: Road, workers: int = 1) -> int:
    """The auditor's tick where it is due, by workers of which each believes it has claimed it; the
    clocks themselves do not run. How many of the claims were granted."""
    claimed: list[Tick] = []
    works = [CampaignWork(road.office) for _ in range(workers)]
    for work in works:
        work.claim(road.office.now, 100, lambda _, tick: claimed.append(tick))
    audits = [tick for tick in claimed if tick.subject == AUDIT]
    for tick in audits:
        for work in works:
            work.run(tick)
    return len(audits)


def test_the_auditor_finds_an_escalation_nobody_carried_on(road: Road) -> None:
    road.world.fail("one")
    road.world.clock.advance(timedelta(hours=4, minutes=6))
    assert _audit(road) == 1
    found = road.world.rows()[-1]
    assert found.text.startswith("an escalation was not carried on")
    assert found.severity == "critical"
    with road.world.database.read() as connection:
        assert escalations.overdue(connection, road.world.clock.now())


def test_the_auditor_is_called_by_the_step_itself_minutes_after_it_was_due(road: Road) -> None:
    road.world.fail("one")
    (row,) = road.world.rows()
    assert row.next_at is not None
    late = row.next_at - road.office.now + escalations.GRACE
    road.world.clock.advance(late - timedelta(seconds=1))
    _audit(road)
    assert len(road.world.rows()) == 1
    road.world.clock.advance(timedelta(seconds=1))
    assert _audit(road) == 1
    assert len(road.world.rows()) == 2


def test_of_several_workers_one_tells_what_the_auditor_found(road: Road) -> None:
    road.world.fail("one")
    road.world.clock.advance(timedelta(hours=4, minutes=6))
    assert _audit(road, workers=3) == 1
    assert len(road.world.rows()) == 2


def test_the_auditor_is_silent_while_the_clocks_run(road: Road) -> None:
    road.world.fail("one")
    looks = 0
    for _ in range(10):
        road.world.pass_time(hours=1)
        looks += _audit(road)
    assert looks
    assert len(road.world.rows()) == 1


def test_the_workspace_may_replace_a_stages_promise() -> None:
    file = SlaFile.model_validate(
        {
            "version": 1,
            "policies": [
                _qa("all", 60), _qa("ads", 30, channel="ads"), _qa("email", 10, channel="email"),
            ],
        }
    )  # fmt: skip
    chosen = {str(policy.stage): policy for policy in policies_of(BRIEF, file)}
    assert chosen["qa"].id == "ads"
    assert chosen["plan"].target == timedelta(hours=48)
    assert set(chosen) == {"plan", "approve", "qa", "launch", "detect", "recover"}


def _qa(name: str, minutes: int, **more: str) -> dict[str, Any]:
    fields = {"stage": "qa", "failure": "legal", "start": ["assets_locked"], "stop": ["checked"]}
    return {"id": name, "target": f"{minutes}m", **fields, **more}


def _scheduled(road: Road, *, hours: int) -> None:
    with road.world.database.write() as transaction:
        effects.add(
            transaction,
            {
                "permit": "permit",
                "proposal": "prop-1",
                "fingerprint": "f",
                "connection": "ads-account",
                "campaign": CAMPAIGN,
                "cycle": "cyc-1",
                "target": "t",
                "status": EffectStatus.READY,
                "wake_at": road.world.clock.now() + timedelta(hours=hours),
            },
        )


class Reviewer:
    """Finds as many errors as it is told to."""

    role = ROLE

    def __init__(self, errors: int) -> None:
        self.errors = errors

    def review(self, case: object) -> tuple[ReviewFinding, ...]:
        found = ReviewFinding(rule="c-1", severity=Severity.BLOCK, subject="mail", text="no footer")
        told = found.model_copy(update={"severity": Severity.WARN})
        return (told, *(found for _ in range(self.errors)))


@pytest.mark.parametrize(
    ("errors", "most", "calls"),
    [
        pytest.param(1, 0, True, id="none is let pass"),
        pytest.param(2, 2, False, id="as many as are let pass"),
        pytest.param(3, 2, True, id="one more"),
    ],
)
def test_a_promise_lets_so_many_errors_pass_before_it_calls_somebody(
    road: Road, monkeypatch: pytest.MonkeyPatch, errors: int, most: int, calls: bool
) -> None:
    """They keep the stage waiting all the same, and its clock runs on until it is late."""
    rules = road.world.door.rules
    own = rules.campaigns[CAMPAIGN]
    promises = tuple(
        Promise(one.policy.model_copy(update={"max_errors": most}), ALWAYS)
        if one.policy.stage == "qa"
        else one
        for one in own.promises
    )
    readable = {ROLE.name: tuple(ROLE.reads)}
    own = replace(own, promises=promises, readable=readable)
    road.world.door.rules = replace(rules, campaigns={CAMPAIGN: own})
    for following in ("planning", "building", "compliance"):
        road.to(following)
    team = cast(Any, SimpleNamespace(reviewer=Reviewer(errors)))
    monkeypatch.setattr(compliance, "gather", lambda desk, sight: None)
    step = compliance.run(replace(road.desk, office=replace(road.office, team=team)))
    assert isinstance(step, Wait)
    assert step.reason == "mail: no footer"
    assert [row.failure for row in road.world.rows()] == ["legal"] * calls
    assert road.clock("qa").state is ClockState.RUNNING
    road.world.pass_time(hours=3)
    assert any(text.startswith("late: qa") for _, text, _ in road.world.told())
