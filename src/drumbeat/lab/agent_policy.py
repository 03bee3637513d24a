"""Agent policy: the monitor's diagnosis and the optimizer, as the cycle uses them, in a bench.

Nothing is between them and the market but the scripted people who say yes, so what is measured is
the judgement of the agents, not the care of the gate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.case import ImprovementCase
from drumbeat.agents.optimizer import Optimizer
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.launch import LaunchContext
from drumbeat.core.governance.action import Channel
from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.day_signals import DaySignals
from drumbeat.core.operations.diagnosis import SPANS, Diagnosis, recognize_soonest
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.lab.field import Move, Readings
from drumbeat.lab.policy import Diary

_QUIET = timedelta(days=7)


@dataclass
class Agent:
    """``per_change``: the largest relative step a budget may take."""

    optimizer: Optimizer = field(default_factory=Optimizer)
    per_change: float = 0.2
    name: str = "agent"
    _told: dict[Cause, datetime] = field(default_factory=dict)

    def decide(self, market: Readings, diary: Diary) -> Sequence[Move]:
        found = list(look(market))
        diary.named += [(market.now, one.cause) for _, one in found]
        answer = self.optimizer.improve(self._case(market, found))
        moves: list[Move] = []
        if not isinstance(answer, Hold | Refusal):
            diary.asked += len(answer)
            moves += [
                Move(action.target, dict(action.after), one.why)
                for one in answer
                for action in one.actions
                if isinstance(action.after, dict)
            ]
        for _, one in found:
            moves += self._told_to_people(market, one, diary)
        return moves

    def _told_to_people(self, market: Readings, found: Diagnosis, diary: Diary) -> list[Move]:
        """The owner hears of it once a week, and puts a slip of somebody's hand right."""
        last = self._told.get(found.cause)
        if found.cause is Cause.NOISE or (last is not None and market.now - last < _QUIET):
            return []
        self._told[found.cause] = market.now
        diary.asked += 1
        if found.cause is not Cause.OUTSIDE_CHANGE:
            return []
        return [
            Move(line.target, {"daily_budget_minor": line.item.daily_budget_minor}, "as recorded")
            for line in market.lines()
        ]

    def _case(self, market: Readings, found: list[tuple[str, Diagnosis]]) -> ImprovementCase:
        campaign = market.campaigns[0]
        lines = tuple(market.lines())
        context = LaunchContext(
            campaign=campaign,
            cycle=campaign,
            connections={Channel.ADS: "ads"},
            currency=lines[0].item.currency,
            as_of=market.now,
            now=market.now,
            sizes={},
        )
        return ImprovementCase(
            campaign=campaign,
            cycle=campaign,
            now=market.now,
            context=context,
            findings=tuple(_finding(name, one) for name, one in found),
            lines=lines,
            per_change=self.per_change,
        )


def look(market: Readings) -> Iterator[tuple[str, Diagnosis]]:
    """What shows in each campaign's signals, over a day or several."""
    today = market.now.replace(hour=0, minute=0, second=0, microsecond=0)
    for campaign in market.campaigns:
        measured = market.measured(campaign)
        latest = today - timedelta(days=1)
        found = recognize_soonest(DaySignals(measured, latest, span) for span in SPANS)
        if found is not None:
            yield campaign, found


def _finding(campaign: str, found: Diagnosis) -> WatchFinding:
    return WatchFinding(
        key=f"{campaign}/{found.cause}",
        kind=WatchKind.ANOMALY,
        campaign=campaign,
        cycle=campaign,
        subject=campaign,
        metric=found.signals[0],
        severity=Severity.WARNING,
        text=found.cause.replace("_", " "),
        diagnosis=found,
    )
