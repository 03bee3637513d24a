"""E19: whoever reads plain text reads the same letter."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E19",
    title="plain-text part",
    severity=Severity.BLOCK,
    source="RFC 2046 section 5.1.4",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)
_SHARE = 0.5
_FEW = 2
_END = re.compile(r"[.!?…:]+(?:\s|$)")
_WORD = re.compile(r"\w+")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """The text part holds at least half of the sentences of the HTML."""
    for variant in case.variants:
        said = _folded(variant.text)
        sentences = [one for one in map(_folded, _sentences(case, variant.name)) if one]
        kept = sum(one in said for one in sentences)
        place = f"mail variant {variant.name} text"
        if not said:
            yield _missing(place, "Plain-text part missing.", "nothing")
        elif sentences and kept < len(sentences) * _SHARE:
            found = f"{kept} of {len(sentences)} sentences"
            yield _missing(place, "The plain-text part leaves out most of the mail.", found)


def _sentences(case: ComplianceCase, variant: str) -> list[str]:
    blocks = case.pages[variant].blocks
    return [part for block in blocks for part in _END.split(block) if len(part.split()) > _FEW]


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _missing(place: str, said: str, found: str) -> ReviewFinding:
    return RULE.finding(
        place,
        said,
        found=found,
        allowed="half of the HTML's sentences or more",
        fix="write the same letter in plain text",
    )
