"""C09: whoever claims to be green names the certificate."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import unproven
from drumbeat.core.compliance.lexicon.topic import Topic

RULE = RuleCard(
    id="C09",
    title="green claims",
    severity=Severity.APPROVAL,
    role="approver:legal",
    source="Directive (EU) 2024/825, from 27 September 2026",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """A claim about the environment needs a proof that holds on the day and in the region."""
    yield from unproven(RULE, case, Topic.GREEN, "needs a certificate; offsets do not count.")
