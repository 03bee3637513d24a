"""A01: an ad fits its placements."""

from collections.abc import Iterator
from datetime import date
from unicodedata import east_asian_width

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="A01",
    title="ad lengths",
    severity=Severity.BLOCK,
    source="Google Ads: responsive search ads",
    checked=date(2026, 11, 23),
    channels=ADS,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """3 to 15 headlines of 30, 2 to 4 descriptions of 90; wide characters count two."""
    for item in case.assets.line_items:
        for one in item.creatives:
            name = f"line item {item.name} {one.name}"
            for part, texts, least, most, longest in (
                ("headline", one.headlines, 3, 15, 30),
                ("description", one.descriptions, 2, 4, 90),
            ):
                if not least <= len(texts) <= most:
                    said = f"An ad has {least} to {most} {part}s."
                    yield _unfit(name, said, f"{len(texts)}", f"{least} to {most}")
                for number, text in enumerate(texts, 1):
                    long = width(text)
                    if long > longest or not text.strip():
                        said = f"{part.capitalize()} {number} has {long} of {longest} characters."
                        yield _unfit(f"{name} {part} {number}", said, text, f"1 to {longest}")


def width(text: str) -> int:
    """How many places a text takes: East Asian wide characters take two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _unfit(place: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place, said, found=found or "nothing", allowed=allowed, fix="write it to fit"
    )
