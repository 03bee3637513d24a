"""Post length: the findings about posts that are too long for where they go."""

from collections.abc import Collection, Iterator

from drumbeat.core.campaign.finding import ReviewFinding
from drumbeat.core.compliance.card import RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.count.platform import PLATFORMS, Platform, count, most

_ALIASES = {"twitter": "x"}


def too_long(
    card: RuleCard, case: ComplianceCase, networks: Collection[str]
) -> Iterator[ReviewFinding]:
    """Everything about posts on these networks that does not fit."""
    for number, post in enumerate(case.assets.posts, 1):
        platform = PLATFORMS.get(_ALIASES.get(post.network, post.network))
        if post.network in networks and platform is not None:
            place = f"post {number} on {post.network}"
            for what, found, limit in _measures(platform, post.text):
                if found > limit:
                    yield card.finding(
                        place,
                        f"{platform.name}: {found:,} of {limit:,} {what}.",
                        found=f"{found:,} {what}",
                        allowed=f"{limit:,} {what}",
                        fix=f"shorten it to {limit:,}",
                    )


def _measures(platform: Platform, text: str) -> Iterator[tuple[str, int, int]]:
    yield platform.unit, count(platform, text), most(platform, text)
    if platform.most_bytes is not None:
        yield "bytes", len(text.encode()), platform.most_bytes
    if platform.most_tags is not None:
        yield "hashtags", text.count("#"), platform.most_tags
