"""Writer: the small port through which words are made, by rule or by a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from drumbeat.core.campaign.assets import DynamicBlock
from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.brand import LanguageVoice
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.model_call import ModelCall
from drumbeat.core.campaign.naming import UtmParameters
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.plan import Urgency


@dataclass(frozen=True)
class CopyOrder:
    """What every piece of copy needs. ``topic`` is what the cycle talks about; ``turn`` grows by
    one each cycle, so that wording varies from one to the next; ``day`` is the local date it
    will be read."""

    brand: str
    website: str
    postal_address: str
    language: str
    voice: LanguageVoice
    piece: Piece
    topic: str
    angle: str
    day: date
    turn: int
    offer: Offer | None
    urgency: Urgency
    utm: UtmParameters


@dataclass(frozen=True)
class EmailOrder:
    """A mail: its lead piece in ``copy``, further pieces, the segments it must speak to apart,
    and one subject line a style. ``settings`` is what else each style's letter sets apart:
    ``framing`` (share or amount) of the offer, ``cta`` (shop or next-step) of the button."""

    copy: CopyOrder
    more: tuple[Piece, ...]
    segments: tuple[Segment, ...]
    styles: tuple[str, ...]
    settings: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class AdOrder:
    """One ad; ``format`` is the placement's shape."""

    copy: CopyOrder
    format: str


@dataclass(frozen=True)
class PostOrder:
    """One post for one network, opened with ``hook``."""

    copy: CopyOrder
    network: str
    hook: str


@dataclass(frozen=True)
class SubjectDraft:
    """A subject line with its preheader, HTML and plain text, in one style."""

    style: str
    subject: str
    preheader: str
    html: str
    text: str


@dataclass(frozen=True)
class EmailDraft:
    """One draft a style; ``blocks`` are the places that read differently per segment, ``calls``
    what a model was asked for it."""

    drafts: tuple[SubjectDraft, ...]
    blocks: tuple[DynamicBlock, ...]
    calls: tuple[ModelCall, ...] = ()


@dataclass(frozen=True)
class AdDraft:
    """The texts a placement draws from."""

    headlines: tuple[str, ...]
    descriptions: tuple[str, ...]
    call_to_action: str
    calls: tuple[ModelCall, ...] = ()


@dataclass(frozen=True)
class PostDraft:
    """A caption inside the network's limit."""

    text: str
    link: str
    calls: tuple[ModelCall, ...] = ()


class CannotWrite(ValueError):
    """The order lacks words: no phrase book for the language, or nothing short enough.

    ``calls`` are what a model was asked in vain: they cost as much.
    """

    def __init__(self, why: str, calls: tuple[ModelCall, ...] = ()) -> None:
        super().__init__(why)
        self.calls = calls


class Writer(Protocol):
    """Orders in, drafts out. A draft is data: rules and people look at it before anyone else.

    Each may raise CannotWrite.
    """

    def email(self, order: EmailOrder) -> EmailDraft: ...

    def ad(self, order: AdOrder) -> AdDraft: ...

    def post(self, order: PostOrder) -> PostDraft: ...
