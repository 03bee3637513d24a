"""E12: nobody gets more mail than the brand allows."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E12",
    title="frequency cap",
    severity=Severity.BLOCK,
    source="the brand; counted over sent and queued mails of all campaigns",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("frequency",),
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No contact would get more than the cap in seven days."""
    tally = case.facts.frequency
    if tally is not None and tally.over > 0:
        yield RULE.finding(
            "audience",
            f"{tally.over} contacts would get mail {tally.cap + 1} in 7 days (cap {tally.cap}).",
            found=f"{tally.over} contacts over the cap",
            allowed=f"at most {tally.cap} mails in any 7 days",
            fix="leave them out of this send, or move it",
        )
