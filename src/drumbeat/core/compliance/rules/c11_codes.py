"""C11: a code that is printed exists and works."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import pattern
from drumbeat.core.compliance.place import Place

RULE = RuleCard(
    id="C11",
    title="offer codes",
    severity=Severity.BLOCK,
    source="the brand; data/offers.yaml",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
# The word in any case, the code itself in capitals or digits.
_CODE = re.compile(
    rf"(?i:{pattern(Topic.CODE).pattern})[:\s“\"'„«]+(?P<code>(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{{2,}})\b"
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Every code is the planned offer's own, on a day it holds."""
    for place in case.places:
        offer = case.offer_at(place)
        for hit in _CODE.finditer(place.plain):
            code = hit["code"]
            if offer is None or code != offer.code:
                real = offer.code if offer and offer.code else "no code"
                yield _wrong(place, f"Code {code} does not exist.", code, real)
            elif not offer.is_open(case.day_of(place)):
                period = f"{offer.valid_from} to {offer.valid_to}"
                yield _wrong(place, f"Code {code} does not work on that day.", code, period)


def _wrong(place: Place, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place.name, said, found=found, allowed=allowed, fix="use the code of data/offers.yaml"
    )
