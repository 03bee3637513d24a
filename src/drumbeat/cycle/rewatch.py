"""Rewatch: the looks a cycle kept and the causes it named, held against today's rules and figures.

The watch keeps its last looks with the counts as they were known then, so guardrails and forecasts
can be asked of them again. A diagnosis went by whole days of readings, which platforms have
corrected since: made again it says what the same signatures show in the figures of today.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.agents.monitor import Monitor, WatchCase
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.governance.entry import Entry
from drumbeat.core.operations.diagnosis import diagnose, recognize_soonest
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.cycle import notebook
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.notebook import Notebook
from drumbeat.cycle.signals import DailySignals
from drumbeat.cycle.watch import progress_at, ripe_at
from drumbeat.store import ledger

# What can be told from a look's totals alone; parts, comments and the scorer's past are not kept.
_OF_TOTALS = (WatchKind.GUARDRAIL, WatchKind.FORECAST)
# A cycle that named more causes than this was in trouble in ways that its first ones show.
_MOST = 40


@dataclass(frozen=True)
class Named:
    """A cause that was named then, and what the same signatures show today; "" for none."""

    at: datetime
    metric: str
    was: str
    would_be: str


@dataclass(frozen=True)
class Rewatched:
    """``added`` stands at one of the ``looks`` and was told at no time; ``gone`` was told within
    them and stands at none. Of the ``diagnosed``, ``named`` would be named otherwise."""

    looks: int = 0
    added: tuple[WatchFinding, ...] = ()
    gone: tuple[str, ...] = ()
    diagnosed: int = 0
    named: tuple[Named, ...] = ()


def rewatch(desk: Desk, connection: sa.Connection) -> Rewatched:
    """Ask the monitor again; nothing is told and nothing is kept."""
    sight = desk.reading(desk.office.team.monitor.role)
    if not sight.may(DataScope.READINGS):
        return Rewatched()
    book = notebook.load(connection, desk.cycle.id)
    told = list(ledger.entries(connection, kinds=("noticed",), cycle=desk.cycle.id))
    signals = DailySignals()
    stands = {(str(one.kind), one.metric): one for one in _standing(desk, book)}
    known = {_name(one) for one in told}
    within = [one for one in told if book.looks and one.at >= book.looks[0].at]
    named = [_again(desk, signals, one) for one in told if one.body.get("cause")][:_MOST]
    return Rewatched(
        looks=len(book.looks),
        added=tuple(one for name, one in stands.items() if name not in known),
        gone=tuple(
            dict.fromkeys(
                str(one.body["text"])
                for one in within
                if one.body.get("finding") in _OF_TOTALS and _name(one) not in stands
            )
        ),
        diagnosed=len(named),
        named=tuple(one for one in named if one.was != one.would_be),
    )


def _standing(desk: Desk, book: Notebook) -> Iterator[WatchFinding]:
    """What today's guardrails and the plan's forecasts say at each look, as it was known then."""
    plan, monitor = desk.document("plan", Plan), Monitor()
    for number, look in enumerate(book.looks, 1):
        found = monitor.watch(
            WatchCase(
                plan=plan,
                guardrails=ripe_at(desk, look.at),
                snapshots=book.snapshots[:number],
                now=look.at,
                progress=progress_at(desk, look.at),
                references=book.references,
                currency=desk.campaign.currency,
            )
        )
        if not isinstance(found, Refusal):
            yield from (one for one in found if one.kind in _OF_TOTALS)


def _again(desk: Desk, signals: DailySignals, then: Entry) -> Named:
    """The cause that the days before that moment show, in the figures of today."""
    metric, was = str(then.body.get("metric", "")), str(then.body["cause"])
    looks = signals.of(desk.office.database, then.at, desk.campaign.campaign, away=False)
    if then.body.get("finding") == WatchKind.CAUSE:
        found = recognize_soonest((looks.day, *looks.longer))
        return Named(then.at, metric, was, str(found.cause) if found else "")
    return Named(then.at, metric, was, str(diagnose(metric, looks.day).cause))


def _name(told: Entry) -> tuple[str, str]:
    return str(told.body.get("finding", "")), str(told.body.get("metric", ""))
