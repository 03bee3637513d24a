"""Places: every stretch of text a person will see, with where it stands and which offer it may
speak of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.objects import LineItem, Send
from drumbeat.core.compliance.mail.page import MailPage
from drumbeat.core.governance.action import Channel
from drumbeat.core.untrusted.tainted import Tainted

_TAG = re.compile(r"\{\{[^{}|]*(?:\|([^{}]*))?\}\}")


class Part(StrEnum):
    """What sort of text it is."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    HTML = "html"
    TEXT = "text"
    ALT = "alternative text"
    HEADLINE = "headline"
    DESCRIPTION = "description"
    ACTION = "call to action"
    POST = "post"


@dataclass(frozen=True)
class Place:
    """``text`` as written; rules match on ``plain``. ``at`` is when it is read first."""

    name: str
    part: Part
    channel: Channel
    text: str
    offer: str
    at: datetime
    # What stands next to it: the following paragraph, the ad's other texts.
    nearby: str = ""

    @cached_property
    def plain(self) -> str:
        """The text as a person would see it."""
        return " ".join(Tainted(self.text, self.name).plain.split())


def places(
    assets: Assets, pages: dict[str, MailPage], offer: str, starts_at: datetime
) -> Iterator[Place]:
    """Every text of the assets; ``pages`` are the mails' HTML parts by variant name."""
    for send in assets.sends:
        yield from _of_send(send, pages)
    for item in assets.line_items:
        yield from _of_line(item, offer, starts_at)
    for number, post in enumerate(assets.posts, 1):
        name = f"post {number} on {post.network}"
        yield Place(name, Part.POST, Channel.SOCIAL, post.text, offer, post.publish_at)


def _of_send(send: Send, pages: dict[str, MailPage]) -> Iterator[Place]:
    for variant in send.variants:
        page = pages[variant.name]
        texts: list[tuple[Part, tuple[str, ...]]] = [
            (Part.SUBJECT, (spoken(variant.subject),)),
            (Part.PREHEADER, (spoken(variant.preheader),)),
        ]
        texts += [(Part.HTML, page.blocks), (Part.TEXT, _paragraphs(variant.text))]
        texts += [(Part.ALT, tuple(one.alt for one in page.pictures if one.alt))]
        for part, said in texts:
            for number, text in enumerate(said, 1):
                name = f"mail variant {variant.name} {part}"
                name += f", paragraph {number}" if len(said) > 1 else ""
                nearby = " ".join(said[max(0, number - 2) : number + 1])
                yield Place(name, part, Channel.EMAIL, text, send.offer, send.send_at, nearby)


def _of_line(item: LineItem, offer: str, at: datetime) -> Iterator[Place]:
    for one in item.creatives:
        near = f"line item {item.name} {one.name}"
        whole = " ".join((*one.headlines, *one.descriptions))
        groups = (
            (Part.HEADLINE, one.headlines),
            (Part.DESCRIPTION, one.descriptions),
            (Part.ACTION, (one.call_to_action,)),
        )
        for part, said in groups:
            for number, text in enumerate(said, 1):
                name = f"{near} {part} {number}"
                yield Place(name, part, Channel.ADS, text, one.offer or offer, at, whole)


def spoken(template: str) -> str:
    """What a template says to somebody of whom nothing is known, every branch on a line."""
    return _TAG.sub(lambda found: found[1] or ("\n" if "#" in found[0] else " "), template)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in spoken(text).split("\n\n") if part.strip())
