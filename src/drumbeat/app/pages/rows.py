"""Rows: a page of campaigns as table rows; each question is asked once for the whole page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from drumbeat.app.pages.changes import Changes
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.shifts import base_of
from drumbeat.app.pages.standing import Standing
from drumbeat.app.pages.usual import sigmas, spark_of
from drumbeat.app.pages.words import measured, metric_name, relative, tone_of
from drumbeat.core.governance.phase import Phase
from drumbeat.core.money import Money, Period
from drumbeat.core.operations.metrics import value_of
from drumbeat.gate import phases
from drumbeat.gate.rules import Cap
from drumbeat.gate.scopes import caps_at
from drumbeat.store import budgets, escalations, ledger, readings
from drumbeat.store.escalations import EscalationRow
from drumbeat.web.format import span
from drumbeat.web.views.campaign import CampaignRow, Pace
from drumbeat.web.views.change import ChangeRow
from drumbeat.web.views.value import Tone

_DAYS, _WEEK = 28, 7
# What an agent did last, in the ledger's words; the feed shows everything.
_DID = ("applied", "held_steady", "launched", "planned", "built", "reviewed", "learned")
_PLAIN = {
    "planned": "planned the next cycle",
    "built": "made mails, ads and posts",
    "reviewed": "reviewed the next cycle",
    "briefed": "wrote the brief",
}

Days = dict[str, dict[datetime, float]]


@dataclass(frozen=True)
class Rows:
    """A row's figures are of whole days of UTC that are over: seven beside the seven before, and up
    to 28 as a line."""

    ground: Ground
    changes: Changes

    def of(
        self, connection: sa.Connection, standing: Standing, campaigns: Collection[str]
    ) -> tuple[CampaignRow, ...]:
        """One row a campaign, in their order; as many queries as for a single one."""
        ground = self.ground
        newest = ledger.newest_of(connection, campaigns, _DID)
        did = self.changes.rows(connection, list(newest.values()))
        last = {row.campaign_id: row for row in did}
        kinds = {name: entry.kind for name, entry in newest.items()}
        metrics = base_of(ground.campaigns[name].goal.metric for name in campaigns)
        since = _midnight(ground.now) - timedelta(days=_DAYS)
        days = readings.daily_of(connection, campaigns, metrics, since)
        paces = self._paces(connection, campaigns)
        in_force = phases.phases_of(ground.app.gate.door, connection, campaigns)
        # Latest deadline first, so that the nearest one of a campaign is what stays.
        open_ones = {one.campaign: one for one in reversed(escalations.all_open(connection))}
        return tuple(
            self._row(
                name,
                standing,
                _did(last.get(name), kinds.get(name, "")),
                last.get(name),
                days.get(name, {}),
                paces.get(name),
                open_ones.get(name),
                in_force[name],
            )
            for name in campaigns
        )

    def _row(
        self,
        name: str,
        standing: Standing,
        did: str,
        last: ChangeRow | None,
        days: Days,
        pace: Pace | None,
        escalated: EscalationRow | None,
        phase: Phase,
    ) -> CampaignRow:
        ground, campaign = self.ground, self.ground.campaigns[name]
        metric = campaign.goal.metric
        values = _series(metric, days, _midnight(ground.now))
        week = _week(metric, days, _midnight(ground.now), 0)
        before = _week(metric, days, _midnight(ground.now), 1)
        delta = relative(week, before)
        return CampaignRow(
            id=name,
            name=campaign.title,
            channels=tuple(campaign.channels),
            status=standing.status(name),
            owner=ground.name(ground.owner(name)),
            phase=phase,
            last_action=did,
            last_actor=last.actor if last else "",
            last_at=last.at if last else None,
            metric=f"{metric_name(metric)}, 7 d",
            value=measured(metric, week, ground.currency),
            delta=delta,
            delta_tone=tone_of(metric, delta),
            spark=spark_of(values) if values else None,
            anomaly=sigmas(values) if values else None,
            pace=pace,
            decide_by=standing.due.get(name),
            sla=_escalation(ground, escalated),
            sla_tone=Tone.GOOD if escalated is None else Tone.BAD,
        )

    def _paces(self, connection: sa.Connection, campaigns: Collection[str]) -> dict[str, Pace]:
        """What is promised under each campaign's first cap, beside how much time has passed."""
        rules, now = self.ground.app.gate.door.rules, self.ground.now
        caps = {name: next(iter(caps_at(rules, name, now).items()), None) for name in campaigns}
        first = {name: cap for name, cap in caps.items() if cap is not None}
        spent = budgets.committed_of(connection, [scope for scope, _ in first.values()], now)
        return {
            name: Pace(
                Money(minor=spent.get(scope, 0), currency=cap.amount.currency),
                cap.amount,
                elapsed(cap, now, rules.campaigns[name].timezone),
            )
            for name, (scope, cap) in first.items()
        }


def elapsed(cap: Cap, now: datetime, timezone: str) -> float:
    """The share of the cap's calendar window that has passed, in [0, 1], in local days."""
    local = now.astimezone(ZoneInfo(timezone))
    day = (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(days=1)
    match cap.period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return (local.weekday() + day) / 7
        case Period.MONTH:
            return (local.day - 1 + day) / _days_in_month(local)
        case Period.QUARTER:
            return ((local.month - 1) % 3 + (local.day - 1) / _days_in_month(local)) / 3
        case Period.YEAR:
            return (local.timetuple().tm_yday - 1 + day) / 366


def _days_in_month(local: datetime) -> int:
    following = (local.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - timedelta(days=1)).day


def _midnight(now: datetime) -> datetime:
    """Readings are kept by whole days of UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _series(metric: str, days: Days, today: datetime) -> tuple[float, ...]:
    """Up to 28 days that end yesterday: a day that is not over would look like a drop, and days
    before anything was measured like a start from nothing."""
    began = min((day for by_day in days.values() for day in by_day), default=today)
    wanted = [day for back in range(_DAYS, 0, -1) if (day := today - timedelta(days=back)) >= began]
    counts = [{m: v[day] for m, v in days.items() if day in v} for day in wanted]
    return tuple(value_of(metric, one) or 0.0 for one in counts)


def _week(metric: str, days: Days, today: datetime, back: int) -> float | None:
    """The metric over the seven whole days that ended ``back`` weeks ago; None where measuring
    began later."""
    ends = today - timedelta(days=_WEEK * back)
    starts = ends - timedelta(days=_WEEK)
    if not any(day <= starts for by_day in days.values() for day in by_day):
        return None  # half a week is nothing to compare a week with
    sums = {
        m: sum(v for d, v in by_day.items() if starts <= d < ends) for m, by_day in days.items()
    }
    return value_of(metric, sums) if sums else None


def _did(row: ChangeRow | None, kind: str) -> str:
    if row is None:
        return "nothing yet"
    if row.is_held:
        return f"held steady: {row.why}" if row.why else "held steady"
    return _PLAIN.get(kind) or row.field


def _escalation(ground: Ground, row: EscalationRow | None) -> str:
    if row is None:
        return ""
    late = row.due_at is not None and row.due_at < ground.now
    waits = f", {span(ground.now - row.due_at)} late" if late and row.due_at else ""
    return f"{row.failure.replace('_', ' ')}: {ground.name(row.owner)}{waits}"
