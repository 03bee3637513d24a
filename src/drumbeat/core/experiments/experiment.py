"""Experiment: a registration, frozen by its hash before the first unit is shown anything."""

from functools import cached_property

from pydantic import Field, model_validator

from drumbeat.core import canonical
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.text import Slug
from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.arm import Arms
from drumbeat.core.experiments.assignment import Assignment, arm_of
from drumbeat.core.experiments.holdout import Holdout, Treatment
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.rule import DIRECTIONAL_RULE, USUAL_RULE, Answer, DecisionRule
from drumbeat.core.experiments.sizing import Mode, Sizing
from drumbeat.core.experiments.varied import carrier_of
from drumbeat.core.governance.action import Channel
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment, Percent


class Guardrail(Noun):
    """A metric that must not get worse by more than ``margin`` (relative to the control)."""

    metric: MetricName
    margin: Percent = Field(default=0.0, ge=0)


class Experiment(Noun):
    """Everything that is decided before launch. ``seal`` names exactly this content.

    ``campaign`` may be any of the workspace; overlap is judged across all of them.
    """

    campaign: Slug
    hypothesis: Hypothesis
    arms: Arms
    sizing: Sizing
    guardrails: tuple[Guardrail, ...] = ()
    holdout: Holdout
    min_weeks: int = Field(ge=1)
    rule: DecisionRule
    registered_at: Moment
    registered_by: str = Field(min_length=1)

    @model_validator(mode="after")
    def _can_keep_its_word(self) -> "Experiment":
        if self.sizing.weeks < self.min_weeks:
            raise ValueError(f"{self.sizing.weeks} weeks of units, but {self.min_weeks} to run")
        ships = any(clause.then is Answer.SHIP for clause in self.rule.clauses)
        if self.sizing.mode is Mode.DIRECTIONAL and ships:
            raise ValueError("a directional test leans and does not prove: its rule cannot ship")
        return self

    @cached_property
    def seal(self) -> str:
        """SHA-256 of the registration; a readout and a decision are bound to it."""
        return canonical.digest(self.model_dump(mode="json"))

    @property
    def id(self) -> str:
        """A short name made from the seal."""
        return f"exp-{self.seal[:12]}"

    @property
    def is_by_assignment(self) -> bool:
        """Whether arms are compared over everybody dealt to them, mailed or not: where a test
        decides who is mailed, those who were are another kind of people in each arm."""
        claim = self.hypothesis
        is_mailed = carrier_of(claim, claim.channels) is Channel.EMAIL
        return is_mailed and Variable.AUDIENCE_EXCLUSION in claim.variables

    @property
    def is_by_week(self) -> bool:
        """Whether weeks are dealt to the arms: how often to post is seen in no single post."""
        return Variable.POSTING_CADENCE in self.hypothesis.variables

    def salt_for(self, cycle: str) -> str:
        """What deals people to the arms of a cycle's mail.

        Every mail is dealt anew: the same people read the next one, and only then does it tell
        something new. Whom to mail at all is not a matter of one mail: there people keep their arm.
        """
        return self.seal if self.is_by_assignment else f"{self.seal}/{cycle}"

    def assign(self, unit: str, cycle: str) -> Assignment | None:
        """The unit's arm in a cycle; None for units that the hold-out keeps from the agent."""
        if self.holdout.treatment_of(unit) is not Treatment.AGENT:
            return None
        arm = arm_of(unit, self.salt_for(cycle), self.arms.shares)
        return Assignment(experiment=self.id, unit=unit, arm=arm)


def register(
    spec_or_claim: HypothesisSpec | Hypothesis,
    *,
    campaign: str,
    surface: str,
    arms: Arms,
    sizing: Sizing,
    holdout: Holdout,
    now: Moment,
    by: str,
    guardrails: tuple[Guardrail, ...] = (),
    min_weeks: int = 2,
) -> Experiment:
    """Freeze a test with the rule that goes with its mode."""
    claim = (
        Hypothesis.of(spec_or_claim, surface)
        if isinstance(spec_or_claim, HypothesisSpec)
        else spec_or_claim
    )
    rule = DIRECTIONAL_RULE if sizing.mode is Mode.DIRECTIONAL else USUAL_RULE
    return Experiment(
        campaign=campaign,
        hypothesis=claim,
        arms=arms,
        sizing=sizing,
        guardrails=guardrails,
        holdout=holdout,
        min_weeks=min_weeks,
        rule=rule,
        registered_at=now,
        registered_by=by,
    )
