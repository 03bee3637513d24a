"""Cycle: one recurrence of a campaign, stage by stage, and every step its agents took."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drumbeat.core.money import Money
from drumbeat.web.verbs import Answer, Refused
from drumbeat.web.views.campaign import Setting, StageRow, TraceRow
from drumbeat.web.views.decision import CheckLine, DiffRow
from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class TraceGroup:
    """The steps of one stage; ``attempts`` above one means it was tried again. ``earlier`` counts
    steps that are left out because there are too many."""

    stage: str
    rows: tuple[TraceRow, ...]
    attempts: int = 1
    earlier: int = 0


@dataclass(frozen=True)
class CycleView:
    """``waits_for`` says in words what the cycle waits for right now, empty if nothing.
    ``can_rebuild``: its review keeps it waiting, so that what was mended can be taken up."""

    id: str
    name: str
    campaign_id: str
    campaign: str
    state: str
    started_at: datetime
    stages: tuple[StageRow, ...]
    trace: tuple[TraceGroup, ...]
    waits_for: str = ""
    tokens: int = 0
    cost: Money | None = None
    can_rebuild: bool = False


@dataclass(frozen=True)
class ReplayView:
    """What today's builder and rules would make of the cycle's plan. ``said`` is one sentence,
    ``diff`` what would read otherwise, ``findings`` what today's rules say that those of then
    did not, or no longer say; ``left_out`` the stages that are not played, and why."""

    said: str
    diff: tuple[DiffRow, ...] = ()
    more: int = 0
    findings: tuple[CheckLine, ...] = ()
    left_out: tuple[Setting, ...] = ()


class CycleReads(Protocol):
    """What the cycle page needs of the cycles: one with its trace, and to play it again, have it
    built again, or take it along as a test case."""

    def cycle(self, cycle_id: str, *, is_whole: bool = False) -> CycleView | None:
        """``is_whole``: with every step; else the newest of each stage."""
        ...

    def replay(self, cycle_id: str, person: Person) -> ReplayView | Refused:
        """Play the cycle again in shadow: nothing is submitted."""
        ...

    def rebuild(self, cycle_id: str, person: Person, reason: str) -> Answer:
        """Have what its review does not let through built again from the files as they are."""
        ...

    def case(self, cycle_id: str) -> str | None:
        """The cycle as a test case: its papers, its proposals and the verdicts on them, as JSON
        with personal data masked."""
        ...
