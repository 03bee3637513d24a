"""S01: a post on X weighs at most 280."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.post_length import too_long

RULE = RuleCard(
    id="S01",
    title="length on X",
    severity=Severity.BLOCK,
    source="twitter-text configuration v3",
    checked=date(2026, 11, 23),
    channels=SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Weighted as X weighs: addresses 23, emoji and East Asian characters 2."""
    yield from too_long(RULE, case, ("x", "twitter"))
