"""People, agents and crashes in any order: what must hold after every single step.

The alphabet is narrow on purpose (few budgets, two targets, two confidences): collisions are
what finds holes, and a wide alphabet hardly ever collides.
"""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Allow
from drumbeat.gate.gate import Gate
from drumbeat.store import budgets, effects, holds, ledger, proposals
from drumbeat.store.proposals import Status
from drumbeat.testing.gate_world import SURE, change, gate_world

TARGETS = ("line_item:retargeting/main", "line_item:retargeting/second")
BUDGETS = (20_00, 40_00, 44_00, 60_00, 90_00)
UNSURE = Confidence(effect=0.1, standard_error=1.0, sample_size=10, signals=("cpa",))
CAP = 100_00
SCOPE = "campaign:retargeting/month:2026-03"
WORKSPACE = Scope(kind=ScopeKind.WORKSPACE)


class Crash(BaseException):
    """The process dies here; nothing may catch it."""


class Road(RuleBasedStateMachine):
    """Submit, approve, edit, freeze, execute and crash, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.crash_next = False
        self.world = gate_world(self.folder, on_call=self.called, policy={"undo_hold": "5m"})
        for target in TARGETS:
            self.world.site.objects[target] = {"daily_budget_minor": 40_00}
        self.asked: list[Proposal] = []
        self.made: list[Action] = []
        self.frozen_calls: list[Action] = []

    def called(self, action: Action) -> None:
        """The platform carries a change out: remember it, and under what freeze."""
        self.made.append(action)
        with self.world.database.read() as connection:
            frozen = any(h.mode is HoldMode.FREEZE for h in holds.in_force(connection))
        if frozen and action.spend_delta.minor >= 0:
            self.frozen_calls.append(action)
        if self.crash_next:
            self.crash_next = False
            raise Crash

    @rule(
        target_number=st.sampled_from((0, 1)),
        after=st.sampled_from(BUDGETS),
        sure=st.booleans(),
        stale=st.booleans(),
        by_person=st.booleans(),
    )
    def submit(
        self, target_number: int, after: int, sure: bool, stale: bool, by_person: bool
    ) -> None:
        target = TARGETS[target_number]
        state = self.world.site.objects[target]
        assert isinstance(state, dict)
        before = 20_00 if stale else int(str(state["daily_budget_minor"]))
        asked = change(
            "ads.set_budget",
            before,
            after,
            now=self.world.clock.now(),
            by=Actor.person("dana") if by_person else None,
            target=target,
            confidence=SURE if sure else UNSURE,
            occasion=str(len(self.asked)),
        )
        self.asked.append(asked)
        self.world.gate.submit(asked)

    @rule(back=st.integers(1, 3), account=st.sampled_from(("jon", "jon-two", "dana", "vic", "bot")))
    def approve(self, back: int, account: str) -> None:
        for asked in self.asked[-back:][:1]:
            self.world.gate.approve(asked.id, account, asked.fingerprint, is_fresh=True)

    @rule(back=st.integers(1, 3), account=st.sampled_from(("jon", "dana", "vic")))
    def undo(self, back: int, account: str) -> None:
        for asked in self.asked[-back:][:1]:
            self.world.gate.undo(asked.id, account)

    @rule(back=st.integers(1, 3), after=st.sampled_from(BUDGETS))
    def approve_an_edited_one(self, back: int, after: int) -> None:
        """Somebody was shown one change and answers for another: never accepted."""
        for asked in self.asked[-back:][:1]:
            edited = asked.action.revised(after={"daily_budget_minor": after, "note": "edited"})
            self.world.gate.approve(asked.id, "dana", edited.fingerprint)

    @rule()
    def freeze(self) -> None:
        self.world.gate.hold(HoldMode.FREEZE, WORKSPACE, Actor.person("vic"), "stop")

    @rule()
    def thaw(self) -> None:
        self.world.gate.lift(
            HoldMode.FREEZE, WORKSPACE, Actor.person("jon"), "go on", is_fresh=True
        )

    @rule(fault=st.sampled_from(("", "before", "after", "busy", "bad")))
    def execute(self, fault: str) -> None:
        self.world.site.faults = [fault] if fault else []
        self.world.gate.pump()
        self.world.site.faults = []

    @rule()
    def crash_and_restart(self) -> None:
        """Die in the middle of a call, then come back with nothing but the database."""
        self.crash_next = True
        try:
            self.world.gate.pump()
        except Crash:
            self.world.gate = Gate(self.world.door)
        self.crash_next = False

    @rule(minutes=st.sampled_from((1, 10, 90)))
    def wait(self, minutes: int) -> None:
        self.world.clock.advance(timedelta(minutes=minutes))

    @invariant()
    def nothing_happens_without_leave(self) -> None:
        """Each change out there was allowed, or approved under this very fingerprint."""
        with self.world.database.read() as connection:
            for action in self.made:
                found = [a for a in self.asked if a.fingerprint == action.fingerprint]
                judged = [proposals.load(connection, a.id) for a in found]
                assert any(j is not None and self._had_leave(j) for j in judged)

    @staticmethod
    def _had_leave(judged: proposals.Judged) -> bool:
        return isinstance(judged.verdict, Allow) or judged.status is Status.APPROVED

    @invariant()
    def nothing_happens_twice(self) -> None:
        permits = [permit for permit, _ in self.world.site.calls]
        assert len(permits) == len(set(permits))

    @invariant()
    def no_cap_is_passed(self) -> None:
        with self.world.database.read() as connection:
            assert budgets.committed(connection, SCOPE, self.world.clock.now()) <= CAP

    @invariant()
    def a_freeze_lets_only_reductions_through(self) -> None:
        assert self.frozen_calls == []

    @invariant()
    def the_ledger_is_unbroken(self) -> None:
        with self.world.database.read() as connection:
            assert isinstance(verify(ledger.entries(connection)), Intact)

    def teardown(self) -> None:
        """Whatever happened, patience settles it: nothing stays in flight for ever."""
        for _ in range(40):
            self.world.pass_time(minutes=30)
        with self.world.database.read() as connection:
            stuck = [
                effect
                for asked in self.asked
                if (effect := effects.of_proposal(connection, asked.id)) is not None
                and effect.status in (effects.EffectStatus.IN_FLIGHT, effects.EffectStatus.UNKNOWN)
            ]
        assert stuck == []
        self.world.database.close()
        shutil.rmtree(self.folder)


class TestRoad(Road.TestCase):  # type: ignore[misc,valid-type]
    settings = settings(
        max_examples=30,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.slow
@pytest.mark.timeout(3600)
class TestLongRoad(Road.TestCase):  # type: ignore[misc,valid-type]
    settings = settings(
        max_examples=400,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
