"""Policies: who decides in a bench, each seeing the same field at the same time of day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from drumbeat.agents.improving.case import LiveLine
from drumbeat.core.operations.cause import Cause
from drumbeat.lab.field import Field, Move, Readings

# The rules people write into ad platforms: look at two days, allow half as much again.
_SPIKE = 1.5
_RULE_DAYS = 2
_RULE_SPEND = 5_000
_RULE_REST = timedelta(days=4)
_EVERY_DAYS = 14


@dataclass
class Diary:
    """What a policy did and said in a run."""

    moves: list[tuple[datetime, Move]] = field(default_factory=list)
    named: list[tuple[datetime, Cause]] = field(default_factory=list)
    asked: int = 0


class Policy(Protocol):
    """Looks at a field once a day. What it names and asks goes into the diary."""

    @property
    def name(self) -> str: ...

    def decide(self, market: Field, diary: Diary) -> Sequence[Move]: ...


@dataclass(frozen=True)
class Nobody:
    """Leaves everything as it was set up."""

    name: str = "do nothing"

    def decide(self, market: Field, diary: Diary) -> Sequence[Move]:
        return ()


@dataclass
class Rules:
    """If the cost per conversion of two days is half as high again as usual, pause; look again
    after four days. It knows no reasons."""

    name: str = "rules"
    _paused: dict[str, datetime] = field(default_factory=dict)

    def decide(self, market: Readings, diary: Diary) -> Sequence[Move]:
        moves = []
        usual = {line.target: line for line in market.lines()}
        for line in market.lines(_RULE_DAYS):
            if line.item.status == "paused":
                since = self._paused.get(line.target)
                if since is not None and market.now - since >= _RULE_REST:
                    moves.append(Move(line.target, {"status": "active"}, "rested"))
                continue
            recent = _cost(line.record.spend_minor, line.record.conversions)
            whole = usual[line.target].record
            if line.record.spend_minor < _RULE_SPEND or not whole.conversions:
                continue
            if recent > _SPIKE * _cost(whole.spend_minor, whole.conversions):
                self._paused[line.target] = market.now
                moves.append(Move(line.target, {"status": "paused"}, "cost per conversion"))
        return moves


def _cost(spend: float, conversions: float) -> float:
    return spend / max(conversions, 0.5)


@dataclass(frozen=True)
class Oracle:
    """Every other week tries each allowed change in a copy of the market and keeps what pays.

    It sees the truth, yet only one step of it at a time: good, not perfect. Its changes are as
    large as an agent's may be.
    """

    step: float = 0.2
    horizon: timedelta = timedelta(days=14)
    name: str = "oracle"

    def decide(self, market: Field, diary: Diary) -> Sequence[Move]:
        if market.now.toordinal() % _EVERY_DAYS:
            return ()
        until = market.now + self.horizon
        usual = market.what_if((), until)
        found = (self._best(market, line, usual, until) for line in market.lines())
        return [move for move in found if move is not None]

    def _best(self, market: Field, line: LiveLine, usual: int, until: datetime) -> Move | None:
        """The change of one line item that pays most, if any does. A response that falls as
        spend grows makes either more or less pay, never both; a stop only where less does."""
        budget = line.item.daily_budget_minor
        if line.item.status == "paused":
            start = Move(line.target, {"status": "active"}, "it would pay")
            return start if market.what_if([start], until) > usual else None
        more = self._sized(line, round(budget * (1 + self.step)))
        if market.what_if([more], until) > usual:
            return more
        less = self._sized(line, round(budget * (1 - self.step)))
        gain = market.what_if([less], until)
        if gain <= usual:
            return None
        stop = Move(line.target, {"status": "paused"}, "it would pay")
        return stop if market.what_if([stop], until) > gain else less

    def _sized(self, line: LiveLine, size: int) -> Move:
        return Move(line.target, {"daily_budget_minor": size}, "it would pay")
