"""A04: no political ads in the Union; elsewhere legal decides."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import claims
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.place import Part

RULE = RuleCard(
    id="A04",
    title="political and issue ads",
    severity=Severity.BLOCK,
    role="approver:legal",
    source="Regulation (EU) 2024/900; Meta and Google election ads policies",
    checked=date(2026, 11, 23),
    channels=ADS | SOCIAL,
)
_MEMBERS = """
    AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE
"""
UNION = frozenset(_MEMBERS.split())
_PARTS = (Part.HEADLINE, Part.DESCRIPTION, Part.ACTION, Part.POST)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Political words, or a declared political ad, block where the audience may be in the Union."""
    countries = case.facts.countries
    in_union = not countries or bool(countries & UNION)
    severity = Severity.BLOCK if in_union else Severity.APPROVAL
    found = [(claim.place.name, claim.phrase) for claim in claims(case, Topic.POLITICAL, _PARTS)]
    found += [("campaign", "declared as political")] if case.facts.is_political else []
    for place, phrase in found:
        yield RULE.finding(
            place,
            f"“{phrase}” makes this a political ad.",
            found=f"{phrase}, for {', '.join(sorted(countries)) or 'unknown countries'}",
            allowed="no political ads in the Union, elsewhere with legal's agreement",
            fix="change the words, or ask legal where it may run",
            severity=severity,
        )
