"""Copy: every text of the assets a person will see, with where it stands and how long it may be."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.network import length, network
from drumbeat.core.campaign.objects import Variant

_HEADLINE, _DESCRIPTION, _SUBJECT = 30, 90, 60
_HREF = re.compile(r'href="([^"]+)"')
_URL = re.compile(r"https?://[^\s<>\"]+")
_HIDDEN = re.compile(r"<(style|title|head)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Copy:
    """``text`` at ``subject``; ``most`` is its limit (0: none), soft where it only warns."""

    subject: str
    text: str
    most: int = 0
    is_soft: bool = False
    counted: int | None = None

    @property
    def length(self) -> int:
        """By the place's own count, which need not be the number of characters."""
        return len(self.text) if self.counted is None else self.counted


def copies(assets: Assets) -> Iterator[Copy]:
    """Every text, mails first."""
    for subject, variant in variants_of(assets):
        yield Copy(f"{subject} subject", variant.subject, _SUBJECT, is_soft=True)
        yield Copy(f"{subject} preheader", variant.preheader)
        yield Copy(f"{subject} html", visible(variant.html))
        yield Copy(f"{subject} text", variant.text)
    for item in assets.line_items:
        for creative in item.creatives:
            place = f"line item {item.name} {creative.name}"
            for number, text in enumerate(creative.headlines, 1):
                yield Copy(f"{place} headline {number}", text, _HEADLINE)
            for number, text in enumerate(creative.descriptions, 1):
                yield Copy(f"{place} description {number}", text, _DESCRIPTION)
    for number, post in enumerate(assets.posts, 1):
        on = network(post.network)
        counted = length(on, post.text)
        yield Copy(f"post {number} on {post.network}", post.text, on.most, counted=counted)


def variants_of(assets: Assets) -> Iterator[tuple[str, Variant]]:
    """Every variant of every mail, with its name."""
    for send in assets.sends:
        for variant in send.variants:
            yield f"mail variant {variant.name}", variant


def links_of(assets: Assets) -> Iterator[tuple[str, str]]:
    """Every address a person could follow, with where it stands. Images are not followed."""
    for subject, variant in variants_of(assets):
        for url in dict.fromkeys(_HREF.findall(variant.html)):
            if "{{" not in url:
                yield f"{subject} html", html.unescape(url)
        for url in dict.fromkeys(_URL.findall(variant.text.replace("{{", " {{"))):
            yield f"{subject} text", url
    for item in assets.line_items:
        for creative in item.creatives:
            yield f"line item {item.name} {creative.name}", creative.landing_url
    for number, post in enumerate(assets.posts, 1):
        if post.link:
            yield f"post {number} on {post.network}", post.link


def visible(page: str) -> str:
    """The words of an HTML page, tags and head left out."""
    return " ".join(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", page))).split())
