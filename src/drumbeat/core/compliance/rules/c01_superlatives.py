"""C01: whoever says to be the best can show it."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import unproven
from drumbeat.core.compliance.lexicon.topic import Topic

RULE = RuleCard(
    id="C01",
    title="superlatives",
    severity=Severity.APPROVAL,
    role="approver:legal",
    source="UCPD 2005/29/EC article 6; Google Ads misrepresentation policy",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """A superlative needs a proof that holds on the day and in the region."""
    yield from unproven(RULE, case, Topic.SUPERLATIVE, "needs proof.")
