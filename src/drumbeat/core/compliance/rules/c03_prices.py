"""C03: what a text says of an offer is what the offer says."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.compliance.amount import amounts, days, prices_of
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import figures, pattern
from drumbeat.core.compliance.place import Place
from drumbeat.core.money import Money

RULE = RuleCard(
    id="C03",
    title="prices and dates",
    severity=Severity.BLOCK,
    source="CPRs 2008 regulation 5; Google Ads dishonest pricing",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
_BREATH = 32
_WAS_GAP = 3


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Amounts, shares off and end dates are those of the offer; the offer is open on the day."""
    vouched = {amount.money for one in case.vouched for amount in amounts(one)}
    closed: set[str] = set()
    for place in case.places:
        offer = case.offer_at(place)
        yield from _amounts(case, place, offer, vouched)
        yield from _shares(case, place, offer)
        yield from _ends(place, offer)
        if offer and offer.id not in closed and not offer.is_open(case.day_of(place)):
            closed.add(offer.id)
            allowed = f"{offer.valid_from} to {offer.valid_to}, while stock lasts"
            said = f"The offer {offer.id} does not hold on that day."
            yield _untrue(place, said, str(case.day_of(place)), allowed)


def _amounts(
    case: ComplianceCase, place: Place, offer: Offer | None, vouched: set[Money]
) -> Iterator[ReviewFinding]:
    known = vouched | (prices_of(offer) if offer else set())
    for amount in amounts(place.plain):
        if amount.money not in known and not _is_was(place.plain, amount.start):
            allowed = ", ".join(sorted(str(one) for one in known)) or "no amount"
            yield _untrue(
                place, f"Copy says {amount.said}; the offer does not.", str(amount.money), allowed
            )


def _shares(case: ComplianceCase, place: Place, offer: Offer | None) -> Iterator[ReviewFinding]:
    discount = offer.discount if offer and isinstance(offer.discount, float) else None
    known = {round(discount * 100, 4)} if discount is not None else set()
    for phrase, share in figures(Topic.SHARE_OFF, place.plain):
        if float(share) not in known and not case.vouches(phrase):
            allowed = offer.saves if offer and offer.saves else "no share off"
            yield _untrue(place, f"Copy says {phrase}; the offer does not.", phrase, allowed)


def _ends(place: Place, offer: Offer | None) -> Iterator[ReviewFinding]:
    """An end date in the same breath as “until” is the offer's own."""
    for hit in pattern(Topic.UNTIL).finditer(place.plain):
        year = offer.valid_to.year if offer else place.at.year
        after = place.plain[hit.end() : hit.end() + _BREATH]
        for day in list(days(after, year))[:1]:
            if offer is not None and day != offer.valid_to:
                said = f"Copy says “{hit[0]}{after.rstrip()}”; the offer ends another day."
                yield _untrue(place, said, str(day), str(offer.valid_to))


def _is_was(text: str, start: int) -> bool:
    """Whether an amount is a former price, which has a rule of its own."""
    hits = list(pattern(Topic.WAS).finditer(text[:start]))
    return bool(hits) and start - hits[-1].end() <= _WAS_GAP


def _untrue(place: Place, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place.name, said, found=found, allowed=allowed, fix="say what data/offers.yaml says"
    )
