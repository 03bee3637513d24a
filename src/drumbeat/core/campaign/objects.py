"""Objects: what lives on a platform, in the shape that actions, packs and read-backs share.

Targets name them: ``send:<campaign>/<cycle>``, ``line_item:<campaign>/<name>``,
``post:<campaign>/<cycle>/<n>``.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class Variant(Noun):
    """One arm of a send. ``share`` is its part of the audience; the arms' shares add up to 1.

    ``style`` is the label experiments and lessons speak of; ``theme`` and ``angle`` are the
    mail's own unless it says otherwise.
    """

    name: str
    subject: str
    preheader: str
    html: str
    text: str
    share: float = Field(gt=0, le=1)
    style: str = ""
    theme: str = ""
    angle: str = ""


class Send(Noun):
    """A mail scheduled to an audience. ``hold_out`` is the share that is kept from it.

    ``salt`` deals people to variants: the same salt, the same deal, cycle after cycle; without
    one every mail deals anew. ``usual`` names the variant that is business as usual: the mail
    as it would go out without an agent, to people who get nothing else from us.
    ``in_doubt_of`` names a send, where this one is for those alone of whom nobody can say
    whether they got that.
    """

    object: Literal["send"] = "send"
    name: str
    from_name: str
    from_address: str
    reply_to: str
    segments: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    send_at: Moment
    variants: tuple[Variant, ...]
    theme: str
    angle: str
    offer: str = ""
    hold_out: float = Field(default=0.0, ge=0, lt=1)
    salt: str = ""
    usual: str = ""
    utm_campaign: str
    landing_url: str
    in_doubt_of: str = ""

    @property
    def arms(self) -> tuple[Variant, ...]:
        """The agent's own variants, business as usual left out."""
        return tuple(one for one in self.variants if one.name != self.usual)


class Creative(Noun):
    """One ad: the texts a placement draws from, and the labels lessons speak of."""

    name: str
    headlines: tuple[str, ...]
    descriptions: tuple[str, ...]
    call_to_action: str
    landing_url: str
    angle: str
    format: str
    offer: str = ""


class Breadth(StrEnum):
    NARROW = "narrow"
    MEDIUM = "medium"
    BROAD = "broad"


class LineItem(Noun):
    """The budgeted unit of an ad flight; it spends daily until ``until``."""

    object: Literal["line_item"] = "line_item"
    name: str
    daily_budget_minor: int = Field(ge=0)
    currency: str
    segments: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    breadth: Breadth
    creatives: tuple[Creative, ...]
    bid_strategy: str
    target_cpa_minor: int = Field(default=0, ge=0)
    status: Literal["active", "paused"] = "active"
    until: Moment


class Post(Noun):
    """One social post. ``boost_minor`` is paid reach, none by default."""

    object: Literal["post"] = "post"
    name: str
    network: str
    text: str
    link: str = ""
    topic: str
    hook: str
    format: str
    publish_at: Moment
    boost_minor: int = Field(default=0, ge=0)
    currency: str = ""


PlatformObject = Send | LineItem | Post
