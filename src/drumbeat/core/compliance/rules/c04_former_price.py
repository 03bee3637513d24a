"""C04: a former price is the lowest of the thirty days before."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.amount import Amount, amounts
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import pattern
from drumbeat.core.compliance.place import Place

RULE = RuleCard(
    id="C04",
    title="was and now",
    severity=Severity.BLOCK,
    source="Directive 98/6/EC article 6a; 16 CFR 233.1",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
_GAP = 3


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """An amount called a former price is at most the lowest price of the last 30 days."""
    for place in case.places:
        for amount in amounts(place.plain):
            if not _is_former(place.plain, amount.start):
                continue
            lowest = (case.facts.lowest_prices or {}).get(place.offer)
            if lowest is None:
                yield _too_high(place, amount, "no record of it", "a recorded 30-day low")
            elif lowest.currency != amount.money.currency or lowest < amount.money:
                yield _too_high(place, amount, str(amount.money), f"at most {lowest}")


def _is_former(text: str, start: int) -> bool:
    hits = list(pattern(Topic.WAS).finditer(text[:start]))
    return bool(hits) and start - hits[-1].end() <= _GAP


def _too_high(place: Place, amount: Amount, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place.name,
        f"The former price {amount.said} is not the lowest of the 30 days before.",
        found=found,
        allowed=allowed,
        fix="name the 30-day low, or leave the former price out",
    )
