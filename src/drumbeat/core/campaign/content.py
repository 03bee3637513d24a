"""Content inventory: the finished pieces campaigns may draw on, and what each may claim."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from drumbeat.core.campaign.channel import CHANNELS, CampaignChannel
from drumbeat.core.campaign.text import Language, Line, Paragraph, Slug, Url
from drumbeat.core.noun import Noun


class ContentKind(StrEnum):
    """What sort of piece it is."""

    ARTICLE = "article"
    GUIDE = "guide"
    STORY = "story"
    RECIPE = "recipe"
    PRODUCT = "product"
    EVENT = "event"
    REVIEW = "review"
    VIDEO = "video"


class Quote(Noun):
    """Words somebody said, and who."""

    text: Line
    by: Line


class Piece(Noun):
    """One piece: its words, who it suits, when it was last used.

    ``points`` are sentences writers may use as they stand; ``proof`` says where its claims are
    substantiated.
    """

    id: Slug
    kind: ContentKind = ContentKind.ARTICLE
    title: Line
    summary: Paragraph
    url: Url
    topics: tuple[Slug, ...] = Field(min_length=1)
    segments: tuple[Slug, ...] = ()
    stage: Slug | None = None
    language: Language
    last_used: date | None = None
    channels: tuple[CampaignChannel, ...] = CHANNELS
    points: tuple[Line, ...] = ()
    quote: Quote | None = None
    call_to_action: Line | None = None
    image: Url | None = None
    image_text: Line | None = None
    image_is_synthetic: bool = Field(
        default=False, description="it shows a person no camera saw; then image_text says so"
    )
    proof: Line | None = None
    product: Slug | None = None


class ContentFile(Noun):
    """``data/content.yaml``."""

    version: Literal[1]
    content: tuple[Piece, ...] = Field(min_length=1)

    def piece(self, name: str) -> Piece | None:
        """The piece of this id, if the inventory holds one."""
        return next((p for p in self.content if p.id == name), None)
