"""C05: what is free says on which conditions, right there."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import claims
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import found, pattern
from drumbeat.core.compliance.place import Part, Place

RULE = RuleCard(
    id="C05",
    title="free and its conditions",
    severity=Severity.APPROVAL,
    role="approver:legal",
    source="16 CFR 251.1; UCPD annex I no. 20",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """“Free” has its conditions in the same paragraph, or the next."""
    for claim in claims(case, Topic.FREE):
        text = claim.place.plain
        around = _around(claim.place)
        if _is_exempt(text) or "*" in around or found(Topic.CONDITION, around):
            continue
        yield RULE.finding(
            claim.place.name,
            f"“{claim.phrase}” without its conditions.",
            found=claim.sentence,
            allowed="the conditions in the same paragraph",
            fix="say what it takes, or ask legal",
        )


def _is_exempt(text: str) -> bool:
    """Whether every mention is one of another sense: sugar-free, feel free."""
    return found(Topic.FREE, pattern(Topic.FREE_EXEMPT).sub(" ", text)) is None


def _around(place: Place) -> str:
    return f"{place.plain} {place.nearby}" if place.part is not Part.SUBJECT else place.plain
