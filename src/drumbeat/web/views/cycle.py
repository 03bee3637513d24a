"""Cycle: one recurrence of a campaign, stage by stage, and every step its agents took."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drumbeat.core.money import Money
from drumbeat.web.views.campaign import StageRow, TraceRow


@dataclass(frozen=True)
class TraceGroup:
    """The steps of one stage; ``attempts`` above one means it was tried again."""

    stage: str
    rows: tuple[TraceRow, ...]
    attempts: int = 1


@dataclass(frozen=True)
class CycleView:
    """``waits_for`` says in words what the cycle waits for right now, empty if nothing."""

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


class CycleReads(Protocol):
    def cycle(self, cycle_id: str) -> CycleView | None: ...
