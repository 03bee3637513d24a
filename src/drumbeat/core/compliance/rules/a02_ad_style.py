"""A02: an ad speaks, it does not shout."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="A02",
    title="ad style",
    severity=Severity.BLOCK,
    source="Google Ads editorial policy",
    checked=date(2026, 11, 23),
    channels=ADS,
)
_REPEATED = re.compile(r"[!?]{2,}|(?<!\.)\.\.(?!\.)|\.{4,}|,{2,}|([*~^_=+>|])\1+|[!?][!?]")
_CAPITALS = re.compile(r"\b[A-ZÄÖÜÁÉÍÓÚÑ]{4,}\b")
_SPACED = re.compile(r"\b(?:\w[ .*_-]){3,}\w\b")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)]", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,])(?:\+|00?)[1-9](?:[ ()/.-]?[0-9]){6,}")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No mark in headlines, one an ad, no repeated marks, tricks with capitals, phone numbers or
    web addresses: where an ad leads stands in its landing page, not in its words."""
    for item in case.assets.line_items:
        for one in item.creatives:
            name = f"line item {item.name} {one.name}"
            texts = (*one.headlines, *one.descriptions)
            if sum(text.count("!") for text in texts) > 1:
                yield _loud(name, "More than one exclamation mark.", " ".join(texts), "one an ad")
            for text in one.headlines:
                if "!" in text:
                    yield _loud(name, "An exclamation mark in a headline.", text, "none")
            for text in texts:
                yield from _tricks(name, text, case.brand.name)


def _tricks(name: str, text: str, brand: str) -> Iterator[ReviewFinding]:
    if hit := _REPEATED.search(text):
        yield _loud(name, "Repeated punctuation.", hit[0], "one mark at a time")
    shouted = [word for word in _CAPITALS.findall(text) if word.casefold() not in brand.casefold()]
    if shouted:
        yield _loud(name, "Words in capitals.", shouted[0], "capitals where spelling wants them")
    if hit := _SPACED.search(text):
        yield _loud(name, "Letters set apart.", hit[0], "words as they are written")
    if hit := _URL.search(text):
        yield _loud(name, "A web address in the text.", hit[0], "the ad's own landing page")
    if hit := _PHONE.search(text):
        yield _loud(name, "A phone number in the text.", hit[0], "a call asset instead")


def _loud(place: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(place, said, found=found, allowed=allowed, fix="say it in a plain voice")
