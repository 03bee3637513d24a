"""A07: budgets move in steps, and what earns daily is not stopped on a whim."""

from collections.abc import Iterator
from datetime import date, timedelta

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import BudgetChange

RULE = RuleCard(
    id="A07",
    title="budget steps and pauses",
    severity=Severity.BLOCK,
    source="our own: learning phases and noisy hours",
    checked=date(2026, 11, 23),
    channels=ADS,
)
_STEP, _SIGNALS = 0.2 + 1e-9, 2
_DAY, _MONTH = timedelta(hours=24), timedelta(days=30)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """At most 20 % in 24 hours, few changes a month, and two signals before a pause."""
    changes = case.facts.budget_changes
    for change in changes:
        day = [one for one in changes if one.line == change.line and _near(one, change, _DAY)]
        first = min(day, key=lambda one: one.at)
        moved = _share(first, change)
        if moved > _STEP:
            yield _hasty(change.line, "The budget moves too far in a day.", f"{moved:.0%}", "20%")
    for line in sorted({one.line for one in changes}):
        own = [one for one in changes if one.line == line]
        month = max(sum(_near(one, last, _MONTH) for one in own) for last in own)
        most = case.facts.most_changes_a_month
        if month > most:
            yield _hasty(line, "The budget changes too often.", f"{month} in 30 days", f"{most}")
    for line, signals in sorted((case.facts.pauses or {}).items()):
        if signals < _SIGNALS:
            yield _hasty(line, "A pause rests on too little.", f"{signals} signals", "2 signals")


def _near(one: BudgetChange, last: BudgetChange, window: timedelta) -> bool:
    return timedelta(0) <= last.at - one.at < window


def _share(first: BudgetChange, last: BudgetChange) -> float:
    """How far the budget came from where the day found it, as a share; from nothing, whole."""
    before, after = first.before.minor, last.after.minor
    return abs(after - before) / before if before else float(after > 0)


def _hasty(line: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        f"line item {line}", said, found=found, allowed=allowed, fix="take a smaller step, later"
    )
