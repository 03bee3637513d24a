"""Tests start, end and are rolled out through the gate; what is under test nobody else touches."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.arm import Arms
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.placement import Part, Placement
from drumbeat.core.experiments.registered import Ended, Shown
from drumbeat.core.experiments.rule import DIRECTIONAL_RULE, Answer
from drumbeat.core.experiments.sizing import Mode
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.gate import internal, registry
from drumbeat.gate.rules import SurfaceRules
from drumbeat.store import experiments, ledger, settings
from drumbeat.store.proposals import Status
from drumbeat.testing.gate_world import CAMPAIGN, SURE, GateWorld, gate_world
from tests.core.experiments.samples import a_hypothesis, a_sizing, an_experiment, two_arms

SURFACE = "shop-ads"
MAIN = "line_item:retargeting/main"
ROWS: dict[str, Any] = {
    "experiment.register": {"agents": ["planner"], "risk": "low", "phase": "supervised"},
    "experiment.stop": {
        "agents": ["optimizer"],
        "people": ["manager"],
        "risk": "low",
        "phase": "supervised",
        "approvals": {"roles": ["manager"]},
    },
    "experiment.roll_out": {
        "agents": ["optimizer"],
        "risk": "medium",
        "phase": "conditional",
        "approvals": {"roles": ["manager"]},
    },
}


@pytest.fixture
def world(tmp_path: Path) -> GateWorld:
    made = gate_world(tmp_path, tests=SurfaceRules(SURFACE, frozenset({"subject", "creative"}), 2))
    own = made.door.rules.matrix.model_dump(mode="json")
    matrix = ActionMatrix.model_validate({**own, "actions": {**own["actions"], **ROWS}})
    kinds = {"optimizer": frozenset({*ROWS, "ads.set_budget"}), "planner": frozenset(ROWS)}
    rules = replace(made.door.rules, matrix=matrix, pre_approved=frozenset({"H-07", "H-08"}),
                    declared_kinds=kinds)  # fmt: skip
    made.door.rules = rules
    return made


def a_test(**changes: Any) -> Experiment:
    claim = a_hypothesis(surface=SURFACE, **changes.pop("claim", {}))
    return an_experiment(campaign=CAMPAIGN, surface=SURFACE, hypothesis=claim, **changes)


def asked(kind: str, target: str, before: Any, after: Any, by: str, world: GateWorld) -> Proposal:
    action = Action(kind=kind, channel=Channel.WORKSPACE, connection="workspace", target=target,
                    campaign=CAMPAIGN, before=before, after=after,
                    spend_delta=Money.zero("EUR"))  # fmt: skip
    now = world.clock.now()
    return propose(action, Actor.agent(by), "a test", now=now, confidence=SURE,
                   expires_at=now.replace(year=now.year + 1))  # fmt: skip


def start(world: GateWorld, made: Experiment, by: str = "planner") -> Status:
    after = made.model_dump(mode="json")
    target = registry.target_of(made.id)
    return world.gate.submit(asked(registry.REGISTER, target, None, after, by, world)).status


def test_a_registration_is_kept_and_told_in_one_transaction(world: GateWorld) -> None:
    made = a_test()
    assert start(world, made) is Status.ALLOWED
    with world.database.read() as connection:
        (kept,) = experiments.running(connection)
        (entry,) = ledger.entries(connection, kinds=("experiment_registered",))
    assert kept.experiment == made
    assert (entry.subject, entry.body["seal"]) == (made.id, made.seal)
    assert entry.body["cost"] == made.sizing.cost.sentence


@pytest.mark.parametrize(
    ("second", "by", "why"),
    [
        pytest.param(a_test(by="jon"), "planner", "already tests subject", id="overlap"),
        pytest.param(
            a_test(by="jon", claim={"variables": (Variable.SEND_TIME,)}),
            "planner",
            "does not test send_time",
            id="not this surface's variable",
        ),
        pytest.param(
            a_test(claim={"id": "H-99", "variables": (Variable.CREATIVE,)}),
            "planner",
            "not pre-approved",
            id="an agent's own idea",
        ),
        pytest.param(
            a_test(claim={"variables": (Variable.CREATIVE,)}),
            "optimizer",
            "may not propose",
            id="not its part",
        ),
    ],
)
def test_the_registry_refuses(second: Experiment, by: str, why: str, world: GateWorld) -> None:
    assert start(world, a_test()) is Status.ALLOWED
    after, target = second.model_dump(mode="json"), registry.target_of(second.id)
    judged = world.gate.submit(asked(registry.REGISTER, target, None, after, by, world))
    assert judged.status is Status.DENIED
    assert any(why in finding.text for finding in judged.verdict.findings)


def test_a_registration_under_another_name_is_refused(world: GateWorld) -> None:
    made = a_test()
    after = made.model_dump(mode="json") | {"min_weeks": 1}
    wrong = asked(registry.REGISTER, registry.target_of(made.id), None, after, "planner", world)
    assert world.gate.submit(wrong).status is Status.DENIED


def test_what_is_under_test_the_optimizer_cannot_touch(world: GateWorld) -> None:
    made = a_test()
    start(world, made)
    place = Placement(experiment=made.id, target=MAIN, cycle="", at=world.clock.now(),
                      parts={"benefit": Part(dimension="creative", value="b")})  # fmt: skip
    with world.database.write() as transaction:
        experiments.place(transaction, [place])
    refused = world.gate.submit(world.budget(40_00, 44_00))
    assert refused.status is Status.DENIED
    assert any("running experiment" in f.text for f in refused.verdict.findings)
    end(world, made, Answer.ROLL_BACK)
    assert world.gate.submit(world.budget(40_00, 43_00)).status is Status.ALLOWED


def end(world: GateWorld, made: Experiment, answer: Answer) -> None:
    now = world.clock.now()
    shown = Shown(at=now, answer=answer, reason="so it is")
    ended = Ended(at=now, by="agent:optimizer", reason="so it is", answer=answer, shown=shown)
    content = ended.model_dump(mode="json", exclude={"at", "by", "entry"})
    target = registry.target_of(made.id)
    stop = asked(registry.STOP, target, {"status": "running"}, content, "optimizer", world)
    assert world.gate.submit(stop).status is Status.ALLOWED


def test_a_decision_is_kept_with_its_ledger_entry(world: GateWorld) -> None:
    made = a_test()
    start(world, made)
    end(world, made, Answer.SHIP)
    with world.database.read() as connection:
        (kept,) = experiments.every(connection)
        (entry,) = ledger.entries(connection, kinds=("experiment_decided",))
    assert kept.ended is not None
    assert (kept.status, kept.ended.answer, kept.ended.entry) == ("decided", "ship", entry.seq)


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        pytest.param(Mode.CONFIRMATORY, Status.ALLOWED, id="proven"),
        pytest.param(Mode.DIRECTIONAL, Status.WAITING, id="it only leans"),
    ],
)
def test_a_winner_is_rolled_out_and_a_leaning_one_is_a_persons_to_believe(
    mode: Mode, status: Status, world: GateWorld
) -> None:
    rule = {"rule": DIRECTIONAL_RULE} if mode is Mode.DIRECTIONAL else {}
    made = a_test(sizing=a_sizing(mode=mode)).model_copy(update=rule)
    start(world, made)
    after = registry.cited_in(made.id, "benefit")
    out = asked(registry.ROLL_OUT, f"setting:{CAMPAIGN}/subject_style", None, after, "optimizer",
                world)  # fmt: skip
    assert world.gate.submit(out).status is status
    with world.database.read() as connection:
        chosen = settings.get(connection, internal.chosen_by(CAMPAIGN), {})
    assert chosen == ({"subject_style": after} if status is Status.ALLOWED else {})


def test_one_test_may_name_whole_objects_as_its_arms(world: GateWorld) -> None:
    arms: Arms = two_arms(targets=(MAIN,))
    start(world, a_test(arms=arms))
    assert world.gate.submit(world.budget(40_00, 44_00)).status is Status.DENIED


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        pytest.param(None, Status.ALLOWED, id="nothing was measured"),
        pytest.param({"units": 0}, Status.ALLOWED, id="nobody passed yet"),
        pytest.param({"units": 900}, Status.WAITING, id="the rule lets it run"),
        pytest.param({"units": 900, "lost": ("margin",)}, Status.ALLOWED, id="a guardrail is lost"),
        pytest.param({"units": 900, "is_split_broken": True}, Status.ALLOWED, id="a broken split"),
        pytest.param({"units": 900, "answer": Answer.ROLL_BACK}, Status.ALLOWED, id="as it says"),
    ],
)
def test_somebody_else_agrees_to_end_a_test_that_its_rule_lets_run(
    shown: dict[str, Any] | None, status: Status, world: GateWorld
) -> None:
    made = a_test()
    start(world, made)
    if shown is not None:
        read = {"at": world.clock.now(), "answer": Answer.KEEP_GOING, "reason": "not yet", **shown}
        with world.database.write() as transaction:
            (kept,) = experiments.running(transaction)
            update = {"shown": Shown.model_validate(read)}
            experiments.save(transaction, kept.model_copy(update=update))
    target = registry.target_of(made.id)
    content = {"reason": "seen enough"}
    wish = asked(registry.STOP, target, {"status": "running"}, content, "optimizer", world)
    mine = propose(wish.action, Actor.person("dana"), "seen enough", now=world.clock.now(),
                   expires_at=wish.expires_at)  # fmt: skip
    judged = world.gate.submit(mine)
    assert judged.status is status
    with world.database.read() as connection:
        assert len(experiments.running(connection)) == (status is Status.WAITING)
