"""A05: an ad is made asleep and woken once it is what was approved."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="A05",
    title="created paused",
    severity=Severity.BLOCK,
    source="the contract of ad connections",
    checked=date(2026, 11, 23),
    channels=ADS,
    needs=("creates_paused",),
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """The connection creates paused and enables after the read-back equals the approved state."""
    if case.facts.creates_paused is False:
        yield RULE.finding(
            "ads connection",
            "The connection creates ads live.",
            found="created live",
            allowed="created paused, enabled once read back and equal",
            fix="use a connection that creates paused",
        )
