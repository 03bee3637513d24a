"""C02: nothing we sell cures, slims or makes rich."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import claims, forbidden
from drumbeat.core.compliance.lexicon.topic import Topic

RULE = RuleCard(
    id="C02",
    title="health and income promises",
    severity=Severity.BLOCK,
    source="FTC Act section 5; Regulation (EC) 1924/2006; Google Ads unreliable claims",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No promise of health or income, proven or not."""
    for topic, kind in ((Topic.HEALTH, "health claim"), (Topic.INCOME, "promise of gain")):
        yield from forbidden(
            RULE,
            claims(case, topic),
            f"is a forbidden {kind}.",
            allowed="what the product is and does",
            fix="take the promise out",
        )
