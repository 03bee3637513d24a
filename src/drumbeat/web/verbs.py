"""Verbs: what a person can order from a page, and the closed answers to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class Done:
    """It was recorded. Until ``undo_until`` the person may take ``decision_id`` back."""

    text: str
    decision_id: str = ""
    undo_until: datetime | None = None


@dataclass(frozen=True)
class Refused:
    """It was not done, and why: 403 not yours to do, 404 not there, 409 no longer so, 422 not
    understood."""

    reason: str
    status: int = 409


class ProofNeeded(Exception):
    """The order would count, once its person has confirmed that it is them."""


Answer = Done | Refused


@dataclass(frozen=True)
class PlanStep:
    """One thing a roll back would do; ``text`` says what cannot be taken back, and why."""

    text: str
    is_possible: bool


@dataclass(frozen=True)
class RollbackPlan:
    """What would happen if ``change_id`` were rolled back. ``fingerprint`` names the plan: the
    order to do it is refused where the plan has changed since."""

    change_id: str
    title: str
    fingerprint: str
    steps: tuple[PlanStep, ...]


class Verbs(Protocol):
    """Each answers at once; effects follow through the gate. What takes a person who has just
    confirmed that it is them raises ProofNeeded for anybody else."""

    def approve(
        self, proposal_id: str, fingerprint: str, person: Person, reason: str
    ) -> Answer: ...

    def edit(
        self,
        proposal_id: str,
        fingerprint: str,
        person: Person,
        values: Mapping[str, str],
        reason: str,
        code: str = "",
    ) -> Answer:
        """``values`` are texts by the names of the decision's edit fields."""
        ...

    def reject(
        self, proposal_id: str, fingerprint: str, person: Person, code: str, reason: str
    ) -> Answer: ...

    def snooze(self, proposal_id: str, person: Person, span: timedelta) -> Answer: ...

    def delegate(self, proposal_id: str, person: Person, to: str, reason: str) -> Answer: ...

    def undo(self, decision_id: str, person: Person) -> Answer: ...

    def freeze(self, scope: str, person: Person, reason: str) -> Answer:
        """``scope`` is a campaign's id, or empty for everything."""
        ...

    def unfreeze(self, scope: str, person: Person, reason: str) -> Answer: ...

    def observe(self, campaign_id: str, person: Person, reason: str) -> Answer:
        """Record what would be done, do nothing; ordered again, it ends the observation."""
        ...

    def rollback_plan(self, change_id: str, person: Person) -> RollbackPlan | Refused: ...

    def rollback(self, change_id: str, fingerprint: str, person: Person, reason: str) -> Answer: ...

    def move(self, item_id: str, at: datetime, person: Person) -> Answer:
        """Ask for another time of a calendar item; it goes through the gate like any change."""
        ...

    def start_experiment(self, campaign_id: str, hypothesis: str, person: Person) -> Answer:
        """Approve a hypothesis: its test is registered, sealed, and carried by the next cycle.
        ``Done.decision_id`` names the test."""
        ...

    def ship_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        """Ask for the treatment to be kept from now on; another person has to agree."""
        ...

    def keep_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        """Turn down what agents propose to do with a test: it runs on."""
        ...

    def stop_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer: ...

    def change_matrix(
        self, kind: str, phase: str, level: str, person: Person, reason: str
    ) -> Answer:
        """Propose another level for one cell of the action matrix; a person approves it."""
        ...

    def change_rule(
        self, kind: str, typed: Mapping[str, str], person: Person, reason: str
    ) -> Answer:
        """Propose the whole row of an action, as it was typed; a person approves it."""
        ...

    def change_phase(self, campaign_id: str, to: str, person: Person, reason: str) -> Answer:
        """Ask for the next phase, which another person approves, or lower it at once."""
        ...

    def set_clock(self, speed: int, person: Person) -> Answer:
        """Virtual seconds a real second; only the demo has such a clock."""
        ...
