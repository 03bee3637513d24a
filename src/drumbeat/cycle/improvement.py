"""Improvement: gathers what the optimizer may look at: live objects, their counts, the findings."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from drumbeat.agents.improving.case import (
    CURVES,
    LEARNS,
    ImprovementCase,
    LiveLine,
    LivePost,
    Pace,
    SpendDay,
)
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.expected_gain import MATURES
from drumbeat.core.campaign.exposure import has_gone_out
from drumbeat.core.campaign.objects import LineItem, Post
from drumbeat.core.campaign.past import PastObject, lines_of_past
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money, Period
from drumbeat.core.operations.watch_finding import WatchFinding
from drumbeat.cycle import moves
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.evidence import measured_of
from drumbeat.cycle.platforms import context_of
from drumbeat.gate.reads import lessons
from drumbeat.gate.scopes import caps_at
from drumbeat.store import effects, experiments, objects, proposals, readings

_MAY_NOT_READ = "the optimizer may not read readings; grant it under data_permissions"
# How far back results count when budgets are weighed against each other.
_WINDOW = timedelta(days=14)


def improvement_case(
    desk: Desk, findings: tuple[WatchFinding, ...], sight: Sight
) -> ImprovementCase:
    """One live cycle as the optimizer sees it: numbers and states, no free text. Without leave
    to read what was measured there is nothing to improve on, which is a problem of the data."""
    may_read = sight.may(DataScope.READINGS)
    name = desk.campaign.campaign
    rules = desk.gate.door.rules.campaigns[name]
    with desk.office.database.read() as connection:
        alive = objects.of_campaign(connection, name, after=desk.now)
        since = desk.now - _WINDOW
        # Only line items are weighed by part.
        parts = Channel.ADS in desk.campaign.channels
        live = measured_of(connection, name, alive, since, parts=parts) if may_read else ()
        changed = effects.last_changed(connection, name)
        under_test = experiments.under_test(connection)
        moved = moves.settling(connection, name, only_tests=True)
        days = _histories(desk, connection) if may_read else {}
        asked = _asked(desk, connection)
        overrides = lessons(desk.gate.door, connection, sight, name)
    return ImprovementCase(
        campaign=name,
        cycle=desk.cycle.id,
        now=desk.now,
        context=context_of(desk),
        findings=findings,
        lines=tuple(
            # A lift test is a test: no more money moves in it until it has been read.
            replace(line, is_learning=line.is_learning or line.target in moved)
            for line in _lines(desk, live, changed, {one.target: one.since for one in alive}, days)
        ),
        posts=tuple(_posts(live, desk)),
        pace=_pace(desk),
        boost_left=_boost_left(desk),
        per_change=desk.campaign.budget.per_change or 0.2,
        under_test=under_test,
        asked=asked,
        overrides=overrides,
        data_problems=(*rules.data_problems, *(() if may_read else (_MAY_NOT_READ,))),
    )


def _asked(desk: Desk, connection: sa.Connection) -> frozenset[tuple[str, str]]:
    """What waits of this campaign, whichever of its cycles asked. What this very review proposed
    before a crash is left out: it is named by its content, so proposing it again changes nothing.
    """
    pending = proposals.pending(connection, desk.campaign.campaign)
    return frozenset(
        (one.action.kind, one.action.target)
        for one in pending
        if one.action.cycle != desk.cycle.id or one.proposed_at.date() != desk.now.date()
    )


def _lines(
    desk: Desk,
    live: Iterable[PastObject],
    changed: Mapping[str, datetime],
    since: dict[str, datetime],
    days: Mapping[str, tuple[SpendDay, ...]],
) -> Iterator[LiveLine]:
    for one in live:
        if not isinstance(one.object, LineItem):
            continue
        at = changed.get(one.target)
        yield LiveLine(
            target=one.target,
            item=one.object,
            record=lines_of_past([one])[0],
            creatives={v: c for (name, v), c in one.parts.items() if name == "creative"},
            changed_at=at,
            is_learning=at is not None and desk.now - at < LEARNS,
            used=_used(one, min(desk.now - since[one.target], _WINDOW)),
            history=days.get(one.target, ()),
        )


def _histories(desk: Desk, connection: sa.Connection) -> dict[str, tuple[SpendDay, ...]]:
    """Every line item's whole days whose conversions are in."""
    if Channel.ADS not in desk.campaign.channels:
        return {}
    found = readings.daily_by_target(
        connection,
        desk.campaign.campaign,
        ("spend", "conversions"),
        since=desk.now - CURVES,
        until=desk.now - MATURES,
    )
    return {
        target: tuple(
            SpendDay(day.date(), round(counts["spend"]), counts.get("conversions", 0.0))
            for day, counts in sorted(by_day.items())
            if "spend" in counts
        )
        for target, by_day in found.items()
        if target.startswith("line_item:")
    }


def _used(one: PastObject, days: timedelta) -> float | None:
    """The share of its present budget that a line item spent over its last days."""
    assert isinstance(one.object, LineItem)
    could = one.object.daily_budget_minor * (days / timedelta(days=1))
    return one.counts.get("spend", 0.0) / could if could > 0 else None


def _posts(live: Iterable[PastObject], desk: Desk) -> Iterator[LivePost]:
    for one in live:
        if isinstance(one.object, Post) and has_gone_out(one.object, desk.now):
            yield LivePost(one.target, one.object, one.counts)


def _pace(desk: Desk) -> Pace | None:
    """What the platform says was spent in the first cap's window, and how much of it passed.

    Money is judged by what was spent, not by what is reserved: reservations run ahead.
    """
    rules = desk.gate.door.rules
    caps = caps_at(rules, desk.campaign.campaign, desk.now)
    cap = next(iter(caps.values()), None)
    if cap is None or cap.period is not Period.MONTH:
        return None
    local = desk.now.astimezone(ZoneInfo(desk.office.library.zone_of(desk.campaign.campaign)))
    start = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    days = monthrange(local.year, local.month)[1]
    with desk.office.database.read() as connection:
        spent = readings.total(connection, (desk.campaign.campaign,), "spend", start)
    return Pace(
        spent=Money(minor=round(spent or 0.0), currency=cap.amount.currency),
        cap=cap.amount,
        elapsed=min(1.0, (local - start) / timedelta(days=days)),
    )


def _boost_left(desk: Desk) -> Money | None:
    """What may still be put behind posts this cycle, where the campaign has money for it."""
    high = desk.campaign.budget.range.high
    per_day = desk.campaign.budget.per_day
    return min(high, per_day, key=lambda money: money.minor) if high.minor and per_day else None
