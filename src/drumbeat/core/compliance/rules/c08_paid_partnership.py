"""C08: whoever is paid for words says so before them."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import found
from drumbeat.core.compliance.place import Part

RULE = RuleCard(
    id="C08",
    title="paid partnership",
    severity=Severity.BLOCK,
    source="16 CFR 255.5; UWG section 5a(4)",
    checked=date(2026, 11, 23),
    channels=SOCIAL,
)
_FOLD = 125


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """A paid post says so within its first 125 characters."""
    if not case.facts.is_paid_partnership:
        return
    for place in case.places:
        if place.part is Part.POST and not found(Topic.PAID, place.plain[:_FOLD]):
            yield RULE.finding(
                place.name,
                "Disclosure missing or below the fold.",
                found=place.plain[:_FOLD],
                allowed=f"#ad, “Paid partnership” or the like within {_FOLD} characters",
                fix="begin with the disclosure",
            )
