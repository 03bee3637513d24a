"""Weekly: the review's report, put together from the ledger, the readings and what waits."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.app.added import added, amount
from drumbeat.app.autonomy import cases, standing
from drumbeat.app.compose import App
from drumbeat.app.rule_diff import diff_of
from drumbeat.core.governance.autonomy import agreements
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.money import Money
from drumbeat.core.operations.kpis import Kpis, Share, burden_shift, kpis
from drumbeat.core.operations.metrics import value_of
from drumbeat.core.operations.review_report import ReviewReport, Table, kpi_figures
from drumbeat.core.operations.sla_policy import SlaStage
from drumbeat.store import clocks, ledger, proposals, readings

WEEK = timedelta(days=7)
_DETECT = SlaStage.DETECT
_LONGEST_CLOCK = timedelta(days=90)
_EXCEPTIONS = (
    "answer_refused",
    "blocked",
    "demoted",
    "escalated",
    "expired",
    "froze",
    "refused",
    "rejected",
    "rolled_back",
    "unresolved",
)
_DECISIONS = ("approved", "edited", "froze", "lifted", "observed", "rejected", "rolled_back")
_MONEY = ("spend", "revenue")
_SHOWN = ("spend", "revenue", "conversions", "return_on_ad_spend", "click_rate", "unsubscribe_rate")
_BASE = (*_MONEY, "conversions", "clicks", "delivered", "unsubscribes")


def weekly(app: App) -> ReviewReport:
    """The seven days up to now beside the seven before."""
    now = app.clock.now()
    recent = _entries(app, now - 2 * WEEK)
    this = [entry for entry in recent if now - WEEK <= entry.at <= now]
    last = [entry for entry in recent if entry.at < now - WEEK]
    here, there = (
        kpis(this, sla_kept(app, now - WEEK, now), _detection(app, now - WEEK, now)),
        kpis(
            last,
            sla_kept(app, now - 2 * WEEK, now - WEEK),
            _detection(app, now - 2 * WEEK, now - WEEK),
        ),
    )
    shift = burden_shift(here, there)
    return ReviewReport(
        title=f"Weekly review of {app.files.workspace.brand.name}",
        window=f"{now - WEEK:%Y-%m-%d} to {now:%Y-%m-%d}",
        warnings=(shift,) if shift else (),
        tables=(
            _business(app, now),
            _brought(app, now),
            _operations(here, there),
            _exceptions(this),
            _agents_against_people(app, this),
        ),
        diffs=tuple(_diffs(app)),
        minutes=tuple(_minutes(this)),
    )


def figures(app: App) -> dict[str, Any]:
    """The service figures of the week as plain numbers, for programs."""
    now = app.clock.now()
    recent = (entry for entry in _entries(app, now - WEEK) if entry.at <= now)
    span = (now - WEEK, now)
    return asdict(kpis(recent, sla_kept(app, *span), _detection(app, *span)))


def _entries(app: App, since: datetime) -> list[Entry]:
    with app.database.read() as connection:
        return [entry for entry in ledger.entries(connection) if entry.at >= since]


def sla_kept(app: App, since: datetime, until: datetime) -> Share | None:
    """Of the service clocks that ended in the window, those that were met; None: none ended."""
    with app.database.read() as connection:
        found = list(clocks.started(connection, since=since - _LONGEST_CLOCK))
    ended = [(one.breached_at or one.stopped_at, one.breached_at is None) for one in found]
    met = [is_met for at, is_met in ended if at is not None and since <= at < until]
    return Share(sum(met), len(met)) if met else None


def _detection(app: App, since: datetime, until: datetime) -> list[float]:
    """Seconds from each anomaly of the window to the moment somebody was alerted of it."""
    with app.database.read() as connection:
        found = list(clocks.started(connection, since=since))
    alerted = ((one.started_at, one.stopped_at) for one in found if one.policy.stage == _DETECT)
    return [(at - start).total_seconds() for start, at in alerted if at and start < until]


def _business(app: App, now: datetime) -> Table:
    with app.database.read() as connection:
        rows = tuple(
            row for name in app.files.campaigns for row in _results(app, connection, name, now)
        )
    headings = ("Campaign", "Figure", "This week", "Week before")
    return Table(title="Business", headings=headings, rows=rows, empty="Nothing was measured.")


def _results(
    app: App, connection: sa.Connection, name: str, now: datetime
) -> Iterator[tuple[str, ...]]:
    found = readings.daily_of(connection, (name,), _BASE, now - 2 * WEEK).get(name, {})
    this, last = ({m: _between(days, *w) for m, days in found.items()} for w in _windows(now))
    currency = app.files.campaigns[name].currency
    for metric in _SHOWN:
        shown = [_figure(metric, value_of(metric, counts), currency) for counts in (this, last)]
        if shown != ["unknown", "unknown"]:
            yield (name, metric.replace("_", " "), *shown)


def _brought(app: App, now: datetime) -> Table:
    """What campaigns brought that would not have come anyway, as far as hold-outs can tell."""
    rows = tuple(row for name in app.files.campaigns for row in _added(app, name, now))
    headings = ("Campaign", "Figure", "Against", "Added", "95% interval")
    nobody = "No campaign keeps anybody from what it does."
    return Table(title="What was added", headings=headings, rows=rows, empty=nobody)


def _added(app: App, name: str, now: datetime) -> Iterator[tuple[str, ...]]:
    currency = app.files.campaigns[name].currency
    for one in added(app, name, now):
        against = one.against.replace("-", " ")
        if one.total is None:
            yield (name, one.outcome, against, "unknown", one.reason)
            continue
        low, mean, high = (amount(one.outcome, part, currency) for part in one.total)
        yield (name, one.outcome, against, mean if one.is_known else "unknown", f"{low} to {high}")


def _windows(now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    return (now - WEEK, now), (now - 2 * WEEK, now - WEEK)


def _between(days: dict[datetime, float], since: datetime, until: datetime) -> float:
    return sum(value for day, value in days.items() if since <= day < until)


def _figure(metric: str, value: float | None, currency: str) -> str:
    if value is None:
        return "unknown"
    if metric in _MONEY:
        return str(Money(minor=round(value), currency=currency))
    return f"{value:.2%}" if metric.endswith("_rate") else f"{value:,.4g}"


def _operations(now: Kpis, before: Kpis) -> Table:
    rows = tuple((one.name, one.now, one.before) for one in kpi_figures(now, before))
    return Table(title="Operations", headings=("Figure", "This week", "Week before"), rows=rows)


def _exceptions(entries: list[Entry]) -> Table:
    rows = tuple(
        (f"{entry.at:%a %H:%M}", entry.campaign, entry.kind.replace("_", " "), _why(entry))
        for entry in entries
        if entry.kind in _EXCEPTIONS
    )
    headings = ("When", "Campaign", "What", "Why")
    return Table(title="Exceptions", headings=headings, rows=rows, empty="There was none.")


def _agents_against_people(app: App, entries: list[Entry]) -> Table:
    rows = []
    for name, campaign in app.files.campaigns.items():
        own = [entry for entry in entries if entry.campaign == name]
        for one in agreements(cases(own, campaign.channels)):
            interval = f"{one.low:.0%} to {one.high:.0%}"
            rows.append((name, one.kind, f"{one.agreed} of {one.cases}", interval))
    headings = ("Campaign", "Action", "Agreed", "95% interval")
    nobody = "People answered no agent this week."
    return Table(title="Agents against people", headings=headings, rows=tuple(rows), empty=nobody)


def _diffs(app: App) -> Iterator[str]:
    """What waits for the review, and promotions that have been earned but not asked for."""
    with app.database.read() as connection:
        waiting = [judged.proposal for judged in proposals.waiting(connection)]
    asked = {one.action.campaign for one in waiting if one.action.kind == "autonomy.promote"}
    for proposal in waiting:
        if proposal.action.kind in ("autonomy.promote", "hypothesis.change", "policy.change"):
            yield _diff(proposal)
    for name in app.files.campaigns:
        now = standing(app, name)
        if now["ready"] and name not in asked:
            head = f"autonomy:{name} (earned; `drumbeat autonomy promote {name}`)"
            yield f"{head}\n-phase: {now['phase']}\n+phase: {now['next']}"


def _diff(proposal: Proposal) -> str:
    head = f"{proposal.action.target} ({proposal.id}, {proposal.by}: {proposal.why})"
    return f"{head}\n{diff_of(proposal.action)}"


def _minutes(entries: list[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.kind in _DECISIONS and entry.actor.startswith("person:"):
            who = entry.actor.removeprefix("person:")
            what = str(entry.body.get("action", "")) or entry.subject
            about = f" on {entry.body['target']}" if "target" in entry.body else ""
            why = f": {_why(entry)}" if _why(entry) else ""
            done = entry.kind.replace("_", " ")
            yield f"{entry.at:%a %H:%M} {who} {done} {what}{about}{why} (ledger {entry.seq})"


def _why(entry: Entry) -> str:
    told = (entry.body.get(field) for field in ("reason", "text", "why", "detail"))
    return next((str(text) for text in told if text), "")
