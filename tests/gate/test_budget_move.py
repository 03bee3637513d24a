"""A move of money between live campaigns: one question; taken, seen to be taken, then given."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from drumbeat.core.campaign.objects import Breadth, LineItem
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.governance.verdict import Ask
from drumbeat.core.money import Money, Period
from drumbeat.gate import dispatch, internal
from drumbeat.gate.parts import part_id
from drumbeat.gate.rollback import CannotUndo, Undo
from drumbeat.gate.rules import Cap
from drumbeat.gate.shortfall import look_after
from drumbeat.store import experiments, ledger, objects, proposals, settings
from drumbeat.store.objects import LiveObject
from drumbeat.store.proposals import Judged, Status
from drumbeat.testing.gate_world import ADS, CAMPAIGN, START, SURE, GateWorld, gate_world

GIVER, TAKER = CAMPAIGN, "search"
LOW, HIGH = f"line_item:{GIVER}/main", f"line_item:{TAKER}/main"
_ROW = {
    "agents": ["optimizer"],
    "risk": "medium",
    "phase": "full",
    "approvals": {"roles": ["performance"], "count": 2, "owners": True},
    "always_ask": True,
}
_POLICY = {
    "actions": {
        "budget.move": _ROW,
        "ads.set_budget": {
            "agents": ["optimizer"],
            "risk": "medium",
            "phase": "conditional",
            "approvals": {"roles": ["performance"]},
            "min_confidence": 0.6,
            "cooldown": "48h",
            "limits": {"per_change": "20%"},
        },
    }
}


@pytest.fixture
def world(tmp_path: Path) -> GateWorld:
    """Two campaigns of different owners over one account, each with a line item of EUR 40 a day."""
    made = gate_world(tmp_path, policy=_POLICY)
    rules = made.door.rules
    cap = (Cap(Money(minor=9_000_00, currency="EUR"), Period.MONTH),)
    own = replace(rules.campaigns[CAMPAIGN], caps=cap, owner="jon")
    declared = rules.declared_kinds["optimizer"] | {"budget.move"}
    made.door.rules = replace(
        rules,
        campaigns={GIVER: own, TAKER: replace(own, owner="vic")},
        declared_kinds={**rules.declared_kinds, "optimizer": declared},
    )
    for target in (LOW, HIGH):
        runs(made, target, 40_00)
    return made


def runs(world: GateWorld, target: str, minor: int, **more: Any) -> None:
    """A line item that runs, as its platform has it and as we remember it."""
    item = LineItem(name="main", daily_budget_minor=minor, currency="EUR", segments=("all",),
                    breadth=Breadth.MEDIUM, creatives=(), bid_strategy="maximize_conversions",
                    until=START + timedelta(days=20)).model_copy(update=more)  # fmt: skip
    state = item.model_dump(mode="json")
    world.site.objects[target] = state
    campaign = budget_move.campaign_of(target)
    with world.database.write() as transaction:
        objects.save(transaction, LiveObject(target, campaign, f"cyc-{campaign}", "ads", ADS, state,
                                             START, START, None))  # fmt: skip


def a_move(
    world: GateWorld, low: int = 36_00, high: int = 44_00, was: tuple[int, int] = (40_00, 40_00)
) -> Proposal:
    before, after = dict(zip((LOW, HIGH), was, strict=True)), {LOW: low, HIGH: high}
    action = Action(
        kind=budget_move.KIND,
        channel=Channel.WORKSPACE,
        connection="workspace",
        campaign=TAKER,
        target=budget_move.target_of(GIVER, TAKER),
        before=budget_move.state(TAKER, before),
        after=budget_move.state(TAKER, after),
        spend_delta=Money.zero("EUR"),
    )
    now = world.clock.now()
    return propose(action, Actor.agent("optimizer"), "more comes back there", now=now,
                   expires_at=now + timedelta(days=2), confidence=SURE)  # fmt: skip


def agree(world: GateWorld, asked: Proposal, *people: str) -> None:
    for person in people or ("jon", "vic"):
        world.gate.approve(asked.id, person, asked.fingerprint, via="test", is_fresh=True)


def budgets(world: GateWorld) -> tuple[int, int]:
    found: list[Any] = [world.site.objects[one] for one in (LOW, HIGH)]
    return found[0]["daily_budget_minor"], found[1]["daily_budget_minor"]


def told(world: GateWorld, *kinds: str) -> list[Any]:
    with world.database.read() as connection:
        return list(ledger.entries(connection, kinds=kinds))


def given_back(world: GateWorld) -> list[Judged]:
    with world.database.read() as connection:
        return [one for one in proposals.waiting(connection)
                if one.proposal.action.kind == "ads.set_budget"]  # fmt: skip


def why(judged: Judged) -> str:
    return "; ".join(one.text for one in judged.verdict.findings)


def test_one_question_lowers_first_raises_what_was_seen_and_can_be_taken_back(
    world: GateWorld,
) -> None:
    with world.database.write() as transaction:
        settings.put(transaction, internal.chosen_by(GIVER), {"daily_total": "4000"})
    sums: list[int] = []
    world.door.platforms[ADS].connector._on_call = lambda _: sums.append(sum(budgets(world)))  # type: ignore[attr-defined]
    asked = a_move(world)
    judged = world.gate.submit(asked)
    assert isinstance(judged.verdict, Ask)
    assert (judged.verdict.need.count, judged.verdict.need.people) == (2, ("jon", "vic"))
    agree(world, asked, "jon", "dana")
    world.gate.pump()
    assert budgets(world) == (40_00, 40_00), "the owner of the other campaign has not agreed"
    agree(world, asked, "vic")
    for _ in range(2):
        world.pass_time(minutes=2)
    assert budgets(world) == (36_00, 44_00)
    assert sums == [76_00, 80_00], "never more than both had"
    (made,) = [one for one in told(world, "applied") if one.subject == asked.id]
    assert made.body["change"][LOW] == [40_00, 36_00]
    with world.database.read() as connection:
        assert settings.get(connection, internal.chosen_by(GIVER))["daily_total"] == "3600"

    step = world.gate.plan_rollback(asked.id)
    assert isinstance(step, Undo)
    # Whichever part one begins from, both sides go back together.
    assert [world.gate.plan_rollback(part_id(asked.id, one)) for one in (LOW, HIGH)] == [step, step]
    assert world.gate.plan_rollback_to(GIVER, START) == [step]
    back = world.gate.roll_back(step, Actor.person("dana"), "not what we wanted")
    agree(world, back.proposal)
    for _ in range(2):
        world.pass_time(minutes=2)
    assert budgets(world) == (40_00, 40_00)
    assert isinstance(world.gate.plan_rollback(asked.id), CannotUndo)


def with_rules(world: GateWorld, name: str, **changes: Any) -> None:
    known = world.door.rules.campaigns
    own = replace(known[name], **changes)
    world.door.rules = replace(world.door.rules, campaigns={**known, name: own})


def with_little_left(world: GateWorld) -> None:
    with_rules(world, TAKER, caps=(Cap(Money(minor=50_00, currency="EUR"), Period.MONTH),))


def frozen(world: GateWorld, campaign: str) -> None:
    scope = Scope(kind=ScopeKind.CAMPAIGN, of=campaign)
    world.gate.hold(HoldMode.FREEZE, scope, Actor.person("dana"), "wait")


def changed_today(world: GateWorld) -> None:
    """The line item that would give was lowered to what it has a moment ago."""
    world.site.objects[LOW] = {"daily_budget_minor": 41_00}
    world.gate.submit(world.budget(41_00, 40_00))
    world.gate.pump()
    runs(world, LOW, 40_00)


Wrong = Callable[[GateWorld], object]
_REFUSED: dict[str, tuple[Wrong, str]] = {
    "cap": (with_little_left, "would pass the cap"),
    "frozen giver": (lambda world: frozen(world, GIVER), "is frozen"),
    "frozen taker": (lambda world: frozen(world, TAKER), "is frozen"),
    "cool-down": (changed_today, "the cool-down lasts"),
    "paused": (lambda world: runs(world, HIGH, 40_00, status="paused"), "has changed"),
    "changed": (lambda world: runs(world, HIGH, 41_00), "the target has changed"),
    "other currency": (lambda world: runs(world, HIGH, 40_00, currency="USD"), "another currency"),
    "data": (lambda world: with_rules(world, GIVER, data_problems=("no click window",)), "blocked"),
    "day": (lambda world: with_rules(world, TAKER, per_day=Money(minor=43_00, currency="EUR")),
            "could be spent on one day"),
    "giver says no moves": (
        lambda world: with_rules(world, GIVER, tightened={"budget.move": "never"}), "never"),
    "taker says no moves": (
        lambda world: with_rules(world, TAKER, tightened={"budget.move": "never"}), "never"),
    "campaign says never": (
        lambda world: with_rules(world, GIVER, tightened={"ads.set_budget": "never"}), "never"),
}  # fmt: skip


@pytest.mark.parametrize("case", _REFUSED)
def test_a_move_is_refused_for_what_is_wrong_with_one_side(world: GateWorld, case: str) -> None:
    make_wrong, says = _REFUSED[case]
    make_wrong(world)
    refused(world, a_move(world), says)


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (30_00, 50_00, "over 20% at once"),
        (39_00, 44_00, "gives exactly what it takes"),
        (40_00, 44_00, "lowers line items of one campaign"),
        (0, 80_00, "neither starts nor ends"),
    ],
)
def test_a_move_is_refused_for_its_size(world: GateWorld, low: int, high: int, says: str) -> None:
    refused(world, a_move(world, low, high), says)


def test_a_unit_under_test_is_neither_lowered_nor_raised(
    world: GateWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments, "under_test", lambda _: frozenset({LOW}))
    refused(world, a_move(world), "part of a running experiment")


def refused(world: GateWorld, asked: Proposal, says: str) -> None:
    judged = world.gate.submit(asked)
    assert judged.status is Status.DENIED, why(judged)
    assert says in why(judged)
    world.pass_time(minutes=5)
    assert budgets(world)[0] == 40_00


def test_what_could_not_be_given_is_not_taken(world: GateWorld) -> None:
    asked = a_move(world)
    world.gate.submit(asked)
    agree(world, asked)
    world.site.objects[HIGH] = {**world.site.objects[HIGH], "daily_budget_minor": 30_00}  # type: ignore[dict-item]
    for _ in range(3):
        world.pass_time(minutes=5)
    assert budgets(world) == (40_00, 30_00)
    (short,) = told(world, "move_fell_short")
    assert short.body["idle_minor"] == 0
    assert "no money was moved" in str(short.body["text"])
    assert given_back(world) == []


@pytest.mark.parametrize("fault", ["bad", "crash of ours"])
def test_a_raise_that_fails_is_said_and_giving_back_is_asked(world: GateWorld, fault: str) -> None:
    asked = a_move(world)
    world.gate.submit(asked)
    agree(world, asked)
    world.gate.pump()
    assert budgets(world) == (36_00, 40_00)
    world.site.faults.append("bad")
    if fault == "crash of ours":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dispatch, "look_after", lambda *_: None)
            world.pass_time(minutes=2)
        assert told(world, "move_fell_short") == []
        look_after(world.door, asked.id)  # as the next morning's look does
    world.pass_time(minutes=2)
    look_after(world.door, asked.id)
    (short,) = told(world, "move_fell_short")
    assert short.body["idle_minor"] == 4_00
    assert "the budget is too low" in str(short.body["text"])
    (back,) = given_back(world)
    assert back.proposal.action.target == LOW
    world.gate.approve(back.proposal.id, "jon", back.proposal.fingerprint, via="test")
    world.gate.pump()
    assert budgets(world) == (40_00, 40_00)


@pytest.mark.parametrize("fault", ["before", "after", "busy"])
def test_nothing_is_raised_before_the_lowering_is_seen(world: GateWorld, fault: str) -> None:
    """The answer to the lowering is lost, or it is put off: the raise waits until it is known."""
    asked = a_move(world)
    world.gate.submit(asked)
    agree(world, asked)
    world.site.faults.append(fault)
    for _ in range(40):
        world.pass_time(minutes=1)
        low, high = budgets(world)
        assert low + high <= 80_00
    assert (low, high) == (36_00, 44_00)


def test_a_crash_between_lowering_and_raising_loses_neither(world: GateWorld) -> None:
    asked = a_move(world)
    world.gate.submit(asked)
    agree(world, asked)
    world.gate.pump()
    assert budgets(world) == (36_00, 40_00)
    # A new process knows what its rows say, and nothing else.
    again = replace(world.door)
    world.clock.advance(timedelta(hours=3))
    dispatch.pump(again)
    assert budgets(world) == (36_00, 44_00)


def test_a_freeze_after_the_answer_stops_the_move_before_anything_is_taken(
    world: GateWorld,
) -> None:
    asked = a_move(world)
    world.gate.submit(asked)
    agree(world, asked)
    taker = Scope(kind=ScopeKind.CAMPAIGN, of=TAKER)
    world.gate.hold(HoldMode.FREEZE, taker, Actor.person("dana"), "wait")
    for _ in range(3):
        world.pass_time(minutes=6)
    assert budgets(world) == (40_00, 40_00)
    world.gate.lift(HoldMode.FREEZE, taker, Actor.person("dana"), "go on", is_fresh=True)
    for _ in range(4):
        world.pass_time(minutes=6)
    assert budgets(world) == (36_00, 44_00)


def test_a_freeze_between_the_two_is_said_after_a_day_and_given_back_after_the_thaw(
    world: GateWorld,
) -> None:
    asked = a_move(world)
    world.gate.submit(asked)
    agree(world, asked)
    world.gate.pump()
    frozen(world, TAKER)
    world.pass_time(minutes=2)
    look_after(world.door, asked.id)
    assert told(world, "move_fell_short") == []
    world.pass_time(hours=25)
    for _ in range(2):
        look_after(world.door, asked.id)
    (stuck,) = told(world, "move_fell_short")
    assert stuck.body["idle_minor"] == 4_00
    assert "a freeze holds it" in str(stuck.body["text"])
    assert given_back(world) == []
    taker = Scope(kind=ScopeKind.CAMPAIGN, of=TAKER)
    world.gate.lift(HoldMode.FREEZE, taker, Actor.person("dana"), "go on", is_fresh=True)
    world.pass_time(minutes=2)
    assert budgets(world) == (36_00, 40_00), "what was agreed two days ago is not made any more"
    assert "expired" in str(told(world, "move_fell_short")[-1].body["text"])
    assert [one.proposal.action.target for one in given_back(world)] == [LOW]
