"""C07: whoever is quoted said it, and agreed to be quoted."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="C07",
    title="testimonials",
    severity=Severity.BLOCK,
    source="16 CFR 465.2; 16 CFR 255.2",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
    needs=("testimonials",),
)
_LEAST = 4
_WORD = re.compile(r"\w+")
_IN_MARKS = re.compile(r"[“„«\"]([^“”„«»\"]{8,})[”“»\"]")
# Words in quotation marks, followed or led by who said them.
_QUOTED = re.compile(
    r"[“„«\"](?P<words>[^“”„«»\"]{8,}?)[”“»\"]\s*"
    r"(?:[—–(-]\s*|That was |says? |said |sagt |dice )?(?=[A-ZÄÖÜÁÉÍÓÚÑ]\w+(?:[ ,.)]|$))"
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Every quotation with a name is one the inventory keeps."""
    known = {_folded(one) for one in case.facts.testimonials or ()}
    said = [
        (place.name, hit["words"]) for place in case.places for hit in _QUOTED.finditer(place.plain)
    ]
    for variant in case.variants:
        name = f"mail variant {variant.name} html"
        said += [(name, _words_of(quote)) for quote in case.pages[variant.name].quotes]
    for name, words in dict.fromkeys(said):
        if len(words.split()) >= _LEAST and _folded(words) not in known and not case.vouches(words):
            yield RULE.finding(
                name,
                "This testimonial is not in the review store.",
                found=words,
                allowed="a stored review, word for word, with its author's consent",
                fix="quote a piece of data/content.yaml, or take the quotation out",
            )


def _words_of(quote: str) -> str:
    hit = _IN_MARKS.search(quote)
    return hit[1] if hit else quote


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
