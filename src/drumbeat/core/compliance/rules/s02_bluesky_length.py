"""S02: a post on Bluesky has 300 characters and 3,000 bytes."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.post_length import too_long

RULE = RuleCard(
    id="S02",
    title="length on Bluesky",
    severity=Severity.BLOCK,
    source="app.bsky.feed.post lexicon",
    checked=date(2026, 11, 23),
    channels=SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Graphemes, with a margin for scripts that older segmenters count longer, and bytes."""
    yield from too_long(RULE, case, ("bluesky",))
