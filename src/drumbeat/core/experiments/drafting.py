"""Drafting: a hypothesis of the library becomes a registration for one campaign's surface."""

from dataclasses import dataclass
from datetime import datetime

from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.experiments.arm import Arm, Arms, Role
from drumbeat.core.experiments.experiment import Experiment, Guardrail, register
from drumbeat.core.experiments.holdout import usual_holdout
from drumbeat.core.experiments.sizing import Sizing


@dataclass(frozen=True)
class Draft:
    """All a registration is made from. ``control_targets`` and ``treatment_targets`` are whole
    objects on a platform that are an arm each, where the arms are not parts of one object."""

    campaign: Campaign
    spec: HypothesisSpec
    sizing: Sizing
    now: datetime
    by: str
    control_targets: tuple[str, ...] = ()
    treatment_targets: tuple[str, ...] = ()


def draft(of: Draft) -> Experiment:
    """The registration with the campaign's own hold-out and the library's guardrails.

    A guardrail is lost when it is surely worse at all. Raises ValueError where the spec's arms
    or the sizing cannot be a test.
    """
    campaign, spec = of.campaign, of.spec
    control = Arm.of(spec.control, Role.CONTROL)
    treatment = Arm.of(spec.treatment, Role.TREATMENT)
    channel = next(one for one in campaign.channels if one in spec.channels)
    return register(
        spec,
        campaign=campaign.campaign,
        surface=campaign.experiments.surface,
        arms=Arms(
            control=control.model_copy(update={"targets": of.control_targets}),
            treatment=treatment.model_copy(update={"targets": of.treatment_targets}),
        ),
        sizing=of.sizing,
        holdout=usual_holdout(channel, campaign.campaign, campaign.experiments.holdout),
        now=of.now,
        by=of.by,
        guardrails=tuple(Guardrail(metric=metric) for metric in spec.guardrails),
        min_weeks=spec.min_weeks,
    )
