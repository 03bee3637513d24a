"""C06: what presses is true."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import Claim, claims
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import figures

RULE = RuleCard(
    id="C06",
    title="scarcity and urgency",
    severity=Severity.BLOCK,
    source="UCPD 2005/29/EC annex I no. 7",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
_WITHIN = {Topic.ENDS_TODAY: 0, Topic.ENDS_TOMORROW: 1, Topic.ENDS_SOON: 3}


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Ending soon, and “only so many left”, match the end and stock of the offer."""
    for topic, days in _WITHIN.items():
        for claim in claims(case, topic):
            if not case.vouches(claim.sentence):
                yield from _ending(case, claim, days)
    for place in case.places:
        for phrase, left in figures(Topic.FEW_LEFT, place.plain):
            offer = case.offer_at(place)
            if case.vouches(phrase) or (offer and offer.stock is not None and offer.stock <= left):
                continue
            stock = "no stock on record" if offer is None or offer.stock is None else offer.stock
            yield _untrue(place.name, f"“{phrase}” but stock is {stock}.", phrase, f"{stock}")


def _ending(case: ComplianceCase, claim: Claim, days: int) -> Iterator[ReviewFinding]:
    offer = case.offer_at(claim.place)
    if offer is None:
        said = f"“{claim.phrase}” but no offer ends."
        yield _untrue(claim.place.name, said, claim.sentence, "no urgency without an offer")
        return
    left = (offer.valid_to - case.day_of(claim.place)).days
    if not 0 <= left <= days:
        said = f"“{claim.phrase}” but the offer {offer.id} ends on {offer.valid_to}."
        yield _untrue(claim.place.name, said, claim.sentence, f"said {days} days before, or later")


def _untrue(place: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place,
        said,
        found=found,
        allowed=allowed,
        fix="say when it ends and what is left, or nothing",
    )
