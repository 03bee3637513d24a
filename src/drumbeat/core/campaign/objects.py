"""Objects: what lives on a platform, in the shape that actions, packs and read-backs share.

Targets name them: ``send:<campaign>/<cycle>``, ``line_item:<campaign>/<name>``,
``post:<campaign>/<cycle>/<n>``.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator

from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

# What an arm that leaves nobody out sets as ``exclude``.
NOBODY = "nobody"
# How far shares of money may be off from 1 together.
_MIX_ERROR = 1e-6


class Variant(Noun):
    """One arm of a send. ``share`` is its part of the audience; the arms' shares add up to 1.

    ``style`` is the label experiments and lessons speak of, ``settings`` what else a test sets
    apart, such as the framing of its offer; ``theme`` and ``angle`` are the mail's own unless it
    says otherwise.
    """

    name: str
    subject: str
    preheader: str
    html: str
    text: str
    share: float = Field(ge=0, le=1)
    style: str = ""
    theme: str = ""
    angle: str = ""
    settings: dict[str, str] = Field(default_factory=dict)

    def setting(self, name: str) -> str:
        """What the variant sets, such as the hour ``19``; empty where it sets nothing of it."""
        return self.style if name == "style" else self.settings.get(name, "")

    @property
    def leaves_out(self) -> tuple[str, ...]:
        """The segments whose people it does not mail, beyond those the send leaves out. Whoever is
        dealt to it counts as its own all the same: arms are compared as they were dealt."""
        named = self.settings.get("exclude", NOBODY)
        return () if named == NOBODY else (named,)


class Send(Noun):
    """A mail scheduled to an audience. ``hold_out`` is the share that is kept from it.

    ``salt`` deals people to variants: the same salt, the same deal, in whatever mail; without one
    the mail's own name does. ``usual`` names the variant that is business as usual: the mail
    as it would go out without an agent, to people who get nothing else from us.
    ``in_doubt_of`` names a send, where this one is for those alone of whom nobody can say
    whether they got that. ``only`` names the variants whose people this mail goes to, where
    another mail of the same deal goes to the others' (at another hour, say); empty: to all.
    ``urgent`` says that it presses people; ``calm`` names the variant for those of the agent's
    people who had one that pressed within ``calm_days``, whatever they are dealt.
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
    only: tuple[str, ...] = ()
    urgent: bool = False
    calm: str = ""
    calm_days: int = Field(default=28, ge=1)

    def presses(self, variant: str) -> bool:
        """Whether a variant presses those who read it."""
        return self.urgent and variant not in (self.usual, self.calm)

    def serves(self, variant: str) -> bool:
        """Whether the people of a variant get it by this mail."""
        return not self.only or variant in self.only

    @property
    def keeps_hold_out(self) -> bool:
        """Whether those who get nothing are counted here: of mails that share a deal, one does."""
        return self.serves(self.variants[0].name)

    @property
    def differs_in_people(self) -> bool:
        """Whether some of its people are dealt to an arm that does not mail them."""
        return any(one.leaves_out for one in self.variants)

    @property
    def arms(self) -> tuple[Variant, ...]:
        """The agent's own variants that people are dealt to: neither business as usual nor the
        calm one."""
        return tuple(one for one in self.variants if one.name not in (self.usual, self.calm))


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
    """How narrowly a line item picks its people, within its segments."""

    NARROW = "narrow"
    MEDIUM = "medium"
    BROAD = "broad"


class Pacing(StrEnum):
    """How a daily budget is spread over the week. ``week-end``: 130 % from Thursday to Sunday and
    60 % before, which comes to the same a week."""

    EVEN = "even"
    WEEK_END = "week-end"


class TrialArm(Noun):
    """What one half of a line item does otherwise; what is left out is as the line item has it.
    ``creatives`` are the names of those it shows."""

    name: str
    breadth: Breadth | None = None
    creatives: tuple[str, ...] = ()
    exclude: tuple[str, ...] | None = None
    bid_strategy: str = ""
    target_cpa_minor: int | None = Field(default=None, ge=0)
    pacing: Pacing | None = None


class Trial(Noun):
    """A line item in two halves: the platform deals its people by ``salt``, half of them and half
    of the money to each arm, and reports by ``trial_arm``."""

    salt: str
    arms: tuple[TrialArm, TrialArm]


class LineItem(Noun):
    """The budgeted unit of an ad flight; it spends daily until ``until``. ``placements`` are the
    shares of its money by placement, which add up to 1; empty: the platform's own mix."""

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
    pacing: Pacing = Pacing.EVEN
    trial: Trial | None = None
    placements: dict[str, float] = Field(default_factory=dict)

    @field_validator("placements")
    @classmethod
    def _adds_up(cls, shares: dict[str, float]) -> dict[str, float]:
        if shares and (min(shares.values()) < 0 or abs(sum(shares.values()) - 1.0) > _MIX_ERROR):
            raise ValueError("shares by placement are not negative and add up to 1")
        return shares

    def half(self, arm: TrialArm) -> "LineItem":
        """The line item as one arm of its trial runs it: with half of its money."""
        shown = tuple(one for one in self.creatives if one.name in arm.creatives)
        kept = {
            "breadth": arm.breadth,
            "creatives": shown or None,
            "exclude": arm.exclude,
            "bid_strategy": arm.bid_strategy or None,
            "target_cpa_minor": arm.target_cpa_minor,
            "pacing": arm.pacing,
        }
        changed = {name: value for name, value in kept.items() if value is not None}
        own = {"daily_budget_minor": self.daily_budget_minor // 2, "trial": None}
        return self.model_copy(update={**changed, **own})


class Post(Noun):
    """One social post. ``boost_minor`` is paid reach, none by default; ``settings`` is what a test
    sets apart beside the hook, such as its hour."""

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
    settings: dict[str, str] = Field(default_factory=dict)


PlatformObject = Send | LineItem | Post
