"""E09: people who get our mail do not call it spam."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E09",
    title="complaint rate",
    severity=Severity.BLOCK,
    source="Gmail sender guidelines: below 0.1%, never 0.3%",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("complaint_rate",),
)
_WARN, _STOP = 0.001, 0.003


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """The rolling 7-day rate warns at 0.1 % and blocks at 0.3 %."""
    rate = case.facts.complaint_rate
    if rate is None or rate < _WARN:
        return
    stops = rate >= _STOP
    limit = _STOP if stops else _WARN
    yield RULE.finding(
        "complaints of the last 7 days",
        f"Complaint rate {rate:.2%} (limit {limit:.2%})." + (" Freeze sending." if stops else ""),
        found=f"{rate:.3%}",
        allowed=f"below {_WARN:.1%}, never {_STOP:.1%}",
        fix="mail fewer people, those who open; ask why the others complain",
        severity=Severity.BLOCK if stops else Severity.WARN,
    )
