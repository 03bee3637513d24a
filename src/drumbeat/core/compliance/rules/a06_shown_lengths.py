"""A06: what matters stands in the part that is shown."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.count.grapheme import graphemes

RULE = RuleCard(
    id="A06",
    title="shown lengths",
    severity=Severity.WARN,
    source="LinkedIn and Meta advertising guides",
    checked=date(2026, 11, 23),
    channels=ADS | SOCIAL,
)
_INTRO = {"linkedin": 600, "facebook": 125, "instagram": 125}
_HEADLINE = {"linkedin": 70, "facebook": 40, "instagram": 40, "meta": 40}


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Paid texts on LinkedIn and Meta are short enough to be read without a tap."""
    for number, post in enumerate(case.assets.posts, 1):
        most = _INTRO.get(post.network, 0) if post.boost_minor else 0
        if most and len(graphemes(post.text)) > most:
            place = f"post {number} on {post.network}"
            yield _cut(place, len(graphemes(post.text)), most)
    for item in case.assets.line_items:
        for one in item.creatives:
            most = next((m for name, m in _HEADLINE.items() if name in one.format), 0)
            for text in one.headlines:
                if most and len(graphemes(text)) > most:
                    yield _cut(f"line item {item.name} {one.name}", len(graphemes(text)), most)


def _cut(place: str, found: int, most: int) -> ReviewFinding:
    return RULE.finding(
        place,
        "The end is cut where it is paid for.",
        found=f"{found} characters",
        allowed=f"{most} characters",
        fix="say the main thing first, and less",
    )
