"""Plan: what is proposed in answer to a brief, every element with what it rests on."""

from enum import StrEnum

from pydantic import Field

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.objects import Breadth, Pacing, Trial
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class Choice(Noun):
    """One decision of a plan: why it was made, and the sources it rests on."""

    why: str
    citations: tuple[Citation, ...] = ()


class AudienceChoice(Choice):
    """Whom to address, first segment first, and whom to leave out."""

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    expected_size: int | None = None


class Urgency(StrEnum):
    """How hard an offer presses. Each step spends trust, so it has a budget."""

    NONE = "none"
    REMINDER = "reminder"
    DEADLINE = "deadline"


class OfferChoice(Choice):
    """Which offer is made; an empty ``offer`` is the decision to make none this time."""

    offer: str = ""
    urgency: Urgency = Urgency.NONE


class AngleChoice(Choice):
    """What the cycle talks about and how it is argued; ``pieces`` are ids of the inventory."""

    theme: str
    angle: str
    pieces: tuple[str, ...] = ()


class ChannelChoice(Choice):
    """Where the cycle speaks."""

    channels: tuple[Channel, ...]


class CadenceChoice(Choice):
    """From when to when, and the instants at which something goes out."""

    starts_at: Moment
    ends_at: Moment
    moments: tuple[Moment, ...] = ()


class BudgetChoice(Choice):
    """What runs every day, and what is spent once in the cycle."""

    daily: Money
    once: Money


class MetricChoice(Choice):
    """The metric the cycle is judged by, and those watched beside it."""

    goal: str
    watched: tuple[str, ...] = ()


class Forecast(Choice):
    """What is expected of a metric over the cycle: an 80 % band around the mean."""

    metric: str
    low: float
    mean: float
    high: float


class HypothesisChoice(Choice):
    """The claim this cycle tests, and the two arms it is tested by.

    ``experiment`` is its registration, and ``seal`` the registration's hash; ``salt`` deals the
    people of this cycle's mail to the arms.
    """

    hypothesis: str
    experiment: str = ""
    seal: str = ""
    salt: str = ""
    variables: tuple[str, ...] = Field(min_length=1, max_length=2)
    control: str
    treatment: str


class UsualPlan(Noun):
    """The mail that would go out without an agent: the themes in turn, a plain subject. ``share``
    of the audience gets it, so that what the agent adds can be told."""

    theme: str
    angle: str
    piece: str
    style: str
    share: float = Field(gt=0, lt=1)


class PlacementChoice(Choice):
    """Shares of the money by placement, as it runs and as is suggested; nothing ``suggested`` where
    that is unknown or would only be noise. Line items carry it where the connection takes a mix;
    elsewhere people set it."""

    now: dict[str, float] = Field(default_factory=dict)
    suggested: dict[str, float] = Field(default_factory=dict)


class SendPlan(Choice):
    """The cycle's mail: when, in which subject styles, the share kept from all mail, and the
    business-as-usual mail beside it.

    ``is_calm``: who was pressed lately reads it without its urgency.
    ``settings`` says of each style what else a test sets apart, and ``moments`` when each goes
    out; without any all are alike, at ``send_at``."""

    send_at: Moment
    styles: tuple[str, ...] = Field(min_length=1)
    settings: tuple[dict[str, str], ...] = ()
    moments: tuple[Moment, ...] = ()
    is_calm: bool = False
    hold_out: float = Field(default=0.0, ge=0, lt=1)
    usual: UsualPlan | None = None


class CreativePlan(Noun):
    """An ad to be made."""

    name: str
    angle: str
    format: str
    piece: str = ""
    offer: str = ""


class LinePlan(Choice):
    """A line item to run, whether it is live already or new."""

    name: str
    daily_budget: Money
    segments: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    breadth: Breadth
    creatives: tuple[CreativePlan, ...]
    bid_strategy: str
    target_cpa: Money | None = None
    is_active: bool = True
    until: Moment
    pacing: Pacing = Pacing.EVEN
    trial: Trial | None = None
    placements: dict[str, float] = Field(default_factory=dict)


class PostPlan(Choice):
    """A post to write and publish."""

    network: str
    topic: str
    hook: str
    format: str
    piece: str
    publish_at: Moment
    boost: Money | None = None
    settings: dict[str, str] = Field(default_factory=dict)


class Plan(Noun):
    """The answer to the brief whose digest is ``brief``. Only the parts a campaign's channels
    need are filled: ``send`` for email, ``lines`` for ads, ``posts`` for social."""

    campaign: str
    cycle: str
    brief: str
    audience: AudienceChoice
    offer: OfferChoice
    angle: AngleChoice
    channels: ChannelChoice
    cadence: CadenceChoice
    budget: BudgetChoice
    metrics: MetricChoice
    forecasts: tuple[Forecast, ...] = ()
    send: SendPlan | None = None
    lines: tuple[LinePlan, ...] = ()
    posts: tuple[PostPlan, ...] = ()
    hypothesis: HypothesisChoice | None = None
    placements: PlacementChoice | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: names exactly this plan."""
        return digest(self.model_dump(mode="json"))

    @property
    def themes(self) -> tuple[str, ...]:
        """What it is about: the topics of a calendar of posts, else the one theme."""
        return tuple(dict.fromkeys(post.topic for post in self.posts)) or (self.angle.theme,)

    @property
    def elements(self) -> tuple[tuple[str, Choice], ...]:
        """Every decision by its name, in the order people read them."""
        named: list[tuple[str, Choice]] = [
            ("audience", self.audience),
            ("offer", self.offer),
            ("angle", self.angle),
            ("channels", self.channels),
            ("cadence", self.cadence),
            ("budget", self.budget),
            ("metrics", self.metrics),
        ]
        named += [(f"forecast of {one.metric}", one) for one in self.forecasts]
        named += [("send", self.send)] if self.send else []
        named += [(f"line item {line.name}", line) for line in self.lines]
        named += [(f"post {number}", post) for number, post in enumerate(self.posts, 1)]
        named += [("hypothesis", self.hypothesis)] if self.hypothesis else []
        named += [("placement mix", self.placements)] if self.placements else []
        return tuple(named)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Everything the plan rests on, each source and sentence once."""
        cited = (citation for _, choice in self.elements for citation in choice.citations)
        return tuple(dict.fromkeys(cited))

    def forecast(self, metric: str) -> Forecast | None:
        """The forecast of a metric, if the plan makes one."""
        return next((one for one in self.forecasts if one.metric == metric), None)
