"""S03: a post fits its network, and so do its hashtags."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.count.platform import PLATFORMS
from drumbeat.core.compliance.count.weighted import weighted_length
from drumbeat.core.compliance.post_length import too_long

RULE = RuleCard(
    id="S03",
    title="length on other networks",
    severity=Severity.BLOCK,
    source="the networks' own limits, in a dated table",
    checked=date(2026, 11, 23),
    channels=SOCIAL,
)
_ELSEWHERE = frozenset({"x", "twitter", "bluesky"})
_STRICTEST = 280


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Each in the unit its network counts by; a network nobody described takes what X takes."""
    known = tuple(name for name in PLATFORMS if name not in _ELSEWHERE)
    yield from too_long(RULE, case, known)
    for number, post in enumerate(case.assets.posts, 1):
        if post.network not in PLATFORMS and post.network not in _ELSEWHERE:
            weight = weighted_length(post.text)
            if weight > _STRICTEST:
                yield RULE.finding(
                    f"post {number} on {post.network}",
                    f"{post.network} is in no table: {weight} of {_STRICTEST}.",
                    found=weight,
                    allowed=f"{_STRICTEST}, the strictest of all",
                    fix="shorten it, or add the network to the table",
                )
