"""Hypothesis: a claim about people that a test can prove wrong."""

from pydantic import Field, field_validator

from drumbeat.core.campaign import metric
from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.hypothesis_file import HypothesisId, HypothesisSpec, Variable
from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.noun import Noun
from drumbeat.core.units import Percent, show_percent


class Hypothesis(Noun):
    """Changing one or two variables on a surface moves a metric for an audience.

    ``surface`` is the place the change is seen (weekly-newsletter, shop-ads); no ``audience``
    means everybody there. ``expected`` is the relative effect. ``source`` says where the claim
    comes from: a person, a past readout, a lesson.
    """

    id: HypothesisId
    change: Line
    reason: Line
    variables: tuple[Variable, ...] = Field(min_length=1, max_length=2)
    surface: Slug
    channels: tuple[CampaignChannel, ...] = Field(min_length=1)
    audience: tuple[Slug, ...] = ()
    metric: MetricName
    expected: Percent
    source: Line
    pre_approved: bool = False

    @field_validator("variables")
    @classmethod
    def _each_once(cls, value: tuple[Variable, ...]) -> tuple[Variable, ...]:
        if len(set(value)) < len(value):
            raise ValueError(f"a variable is named twice: {', '.join(value)}")
        return value

    @field_validator("expected")
    @classmethod
    def _some_effect(cls, value: float) -> float:
        if value == 0 or value <= -1:
            raise ValueError("an effect of 0% or of -100% and less proves nothing; expect another")
        return value

    @classmethod
    def of(cls, spec: HypothesisSpec, surface: str) -> "Hypothesis":
        """The library's entry, on one surface."""
        return cls(
            id=spec.id,
            change=spec.claim,
            reason=spec.evidence,
            variables=spec.variables,
            surface=surface,
            channels=spec.channels,
            audience=spec.segments,
            metric=spec.metric,
            expected=spec.expected,
            source=spec.owner or "hypothesis library",
            pre_approved=spec.pre_approved,
        )

    @property
    def statement(self) -> str:
        """The claim in the form people check: who, what, how much, why."""
        people = ", ".join(_words(segment) for segment in self.audience) or "everybody"
        verb = "raise" if self.expected > 0 else "lower"
        size = show_percent(abs(self.expected))
        return (
            f"We believe that {_inside(self.change)} for {people} will {verb} "
            f"{_words(self.metric)} by {size} because {_inside(self.reason)}"
        )

    @property
    def is_improvement(self) -> bool:
        """Whether the expected effect goes the way that is good for the metric."""
        return (self.expected > 0) == (metric.better(self.metric) == "higher")


def _inside(sentence: str) -> str:
    """A sentence as a part of another: no capital of its own, and no full stop."""
    text = sentence.strip().rstrip(".")
    is_name = len(text) > 1 and (text[1].isupper() or not text[1].isalpha()) and text[1] != " "
    return text if is_name else text[:1].lower() + text[1:]


def _words(slug: str) -> str:
    return slug.replace("_", " ").replace("-", " ")
