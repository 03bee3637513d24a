"""E05: a link to leave still works two months on."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E05",
    title="unsubscribe link life",
    severity=Severity.BLOCK,
    source="CAN-SPAM: 30 days; CASL: 60 days",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("endpoint",),
)
_LEAST_DAYS = 60


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """The token in the unsubscribe address lives 60 days."""
    tried = case.facts.endpoint
    if tried is not None and tried.token_days < _LEAST_DAYS:
        yield RULE.finding(
            "unsubscribe address",
            f"Unsubscribe links expire after {tried.token_days} days; {_LEAST_DAYS} needed.",
            found=f"{tried.token_days} days",
            allowed=f"{_LEAST_DAYS} days or more",
            fix="let the tokens live longer",
        )
