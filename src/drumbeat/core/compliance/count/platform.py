"""Platforms: how long a post may be on each network, and in which unit each counts.

The limits are the networks' own; ``checked`` is when their pages were last read.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from drumbeat.core.compliance.count.grapheme import graphemes, is_indic
from drumbeat.core.compliance.count.weighted import address_spans, weighted_length


class Unit(StrEnum):
    """What a network counts as one."""

    WEIGHTED = "weighted characters"
    GRAPHEMES = "graphemes"
    UTF16 = "UTF-16 units"
    CHARACTERS = "characters"


@dataclass(frozen=True)
class Platform:
    """``most`` of a unit; ``most_bytes`` in UTF-8 and ``most_tags`` where the network has them;
    ``address`` is what an address counts, None for its own length."""

    name: str
    most: int
    unit: Unit
    source: str
    checked: date
    most_bytes: int | None = None
    most_tags: int | None = None
    address: int | None = None


_CHECKED = date(2026, 11, 23)
_TABLE = (
    Platform("x", 280, Unit.WEIGHTED, "twitter-text configuration v3", _CHECKED),
    Platform(
        "bluesky", 300, Unit.GRAPHEMES, "app.bsky.feed.post lexicon", _CHECKED, most_bytes=3000
    ),
    Platform(
        "mastodon", 500, Unit.CHARACTERS, "Mastodon API, instance limits", _CHECKED, address=23
    ),
    Platform("threads", 500, Unit.CHARACTERS, "Threads API, posts", _CHECKED),
    Platform("linkedin", 3000, Unit.UTF16, "LinkedIn Posts API", _CHECKED),
    Platform("instagram", 2200, Unit.UTF16, "Instagram content publishing", _CHECKED, most_tags=30),
    Platform("tiktok", 2200, Unit.UTF16, "TikTok content posting", _CHECKED),
    Platform("facebook", 63_206, Unit.UTF16, "Facebook Pages API", _CHECKED),
)
PLATFORMS = {platform.name: platform for platform in _TABLE}
# Where people cut graphemes by an older Unicode, Indic scripts make more of them.
_INDIC_MARGIN = 0.98


def count(platform: Platform, text: str) -> int:
    """How long a post is in the platform's own unit."""
    match platform.unit:
        case Unit.WEIGHTED:
            return weighted_length(text)
        case Unit.GRAPHEMES:
            return len(graphemes(text))
        case Unit.UTF16:
            return len(text.encode("utf-16-le")) // 2
        case Unit.CHARACTERS:
            return _with_addresses(platform, text)


def most(platform: Platform, text: str) -> int:
    """How long this text may be."""
    tight = platform.unit is Unit.GRAPHEMES and is_indic(text)
    return int(platform.most * _INDIC_MARGIN) if tight else platform.most


def _with_addresses(platform: Platform, text: str) -> int:
    if platform.address is None:
        return len(text)
    spans = [(a, b) for a, b in address_spans(text) if text[a:b].startswith(("http:", "https:"))]
    return len(text) - sum(b - a for a, b in spans) + platform.address * len(spans)
