"""Trial: the two halves of a line item that a running test deals its people to."""

from collections.abc import Sequence

from drumbeat.agents.planning import testing
from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.planning.means import target_cost
from drumbeat.core.campaign.objects import Breadth, Pacing, Trial, TrialArm
from drumbeat.core.campaign.plan import CreativePlan
from drumbeat.core.experiments.arm import Arm


def trial_of(
    case: PlanningCase, segment: str, creatives: Sequence[CreativePlan], exclude: tuple[str, ...]
) -> Trial | None:
    """The trial of a segment's line item; None where no test is about it, or where the test only
    sets creatives apart, which run side by side in one line item."""
    test, varied = case.test, testing.varied_by(case)
    if test is None or not set(varied) - {"angle"}:
        return None
    if test.hypothesis.audience and segment not in test.hypothesis.audience:
        return None
    control, treatment = test.arms.control, test.arms.treatment
    swapped = frozenset(varied.get("exclude", ()))
    arms = (
        _arm(case, arm, {name: pair[number] for name, pair in varied.items()}, creatives, exclude,
             swapped)
        for number, arm in enumerate((control, treatment))
    )  # fmt: skip
    return Trial(salt=test.seal, arms=(next(arms), next(arms)))


def _arm(
    case: PlanningCase,
    arm: Arm,
    sets: dict[str, str],
    creatives: Sequence[CreativePlan],
    exclude: tuple[str, ...],
    swapped: frozenset[str],
) -> TrialArm:
    """One half. Of the segments the test leaves out by turns, each half leaves out its own."""
    angle, left_out = sets.get("angle"), sets.get("exclude")
    others = tuple(one for one in exclude if one not in swapped)
    bid = sets.get("bid_strategy", "")
    cost = target_cost(arm, case.brief.currency) if bid == "target_cpa" else None
    return TrialArm(
        name=arm.id,
        breadth=Breadth(sets["breadth"]) if "breadth" in sets else None,
        creatives=tuple(one.name for one in creatives if angle and one.angle == angle),
        exclude=(*others, left_out) if left_out else None,
        bid_strategy=bid,
        target_cpa_minor=(cost.minor if cost else 0) if bid else None,
        pacing=Pacing(sets["pacing"]) if "pacing" in sets else None,
    )
