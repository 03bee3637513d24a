"""A03: ads for homes, work and credit choose nobody out."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import claims
from drumbeat.core.compliance.facts import AdTargeting
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.place import Part

RULE = RuleCard(
    id="A03",
    title="special ad categories",
    severity=Severity.BLOCK,
    source="Meta: special ad categories",
    checked=date(2026, 11, 23),
    channels=ADS,
)
_CATEGORIES = {
    Topic.HOUSING: "HOUSING",
    Topic.EMPLOYMENT: "EMPLOYMENT",
    Topic.FINANCE: "FINANCIAL_PRODUCTS_SERVICES",
}
_KNOWN = frozenset({*_CATEGORIES.values(), "ISSUES_ELECTIONS_POLITICS"})
_AD_PARTS = (Part.HEADLINE, Part.DESCRIPTION, Part.ACTION)
_AGES, _RADIUS_KM = (18, 65), 25


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Such an ad declares its category, and aims at all ages and genders in a wide place."""
    declared = {one.upper() for one in case.facts.special_categories or ()}
    for topic, category in _CATEGORIES.items():
        for claim in claims(case, topic, _AD_PARTS):
            if category not in declared:
                yield _undeclared(claim.place.name, claim.phrase, category)
    for unknown in sorted(declared - _KNOWN):
        yield _undeclared("ads account", unknown, ", ".join(sorted(_KNOWN)))
    if declared:
        yield from _aimed(case.facts.targeting)


def _undeclared(place: str, found: str, category: str) -> ReviewFinding:
    return RULE.finding(
        place,
        f"An ad about “{found}” without special category {category}.",
        found=found,
        allowed=f"the category {category} declared",
        fix="declare it in the ads account, or change the words",
    )


def _aimed(targeting: AdTargeting | None) -> Iterator[ReviewFinding]:
    if targeting is None:
        yield _narrow("nothing is known of it", "a known targeting")
        return
    if targeting.min_age > _AGES[0] or targeting.max_age < _AGES[1]:
        yield _narrow(f"ages {targeting.min_age} to {targeting.max_age}", "18 to 65 and over")
    if not targeting.all_genders:
        yield _narrow("one gender", "all genders")
    if targeting.postcodes:
        yield _narrow("postcodes", "no postcodes")
    if targeting.radius_km is not None and targeting.radius_km < _RADIUS_KM:
        yield _narrow(f"{targeting.radius_km:g} km", f"{_RADIUS_KM} km or more")
    if targeting.exclusions or targeting.look_alikes:
        yield _narrow("exclusions or look-alikes", "neither")
    if not targeting.countries:
        yield _narrow("no country", "the countries it runs in")


def _narrow(found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        "targeting",
        "An ad of a special category is aimed too narrowly.",
        found=found,
        allowed=allowed,
        fix="widen the targeting",
    )
