"""Testing: which hypothesis a campaign puts to the test next, and the one its cycle carries on."""

from collections.abc import Collection, Iterator

from drumbeat.agents.planning.case import Bench, PlanningCase
from drumbeat.core.campaign.angle import Angle, angles_of
from drumbeat.core.campaign.campaign import CampaignType
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.plan import HypothesisChoice
from drumbeat.core.experiments.arm import Arm, Role
from drumbeat.core.experiments.drafting import Draft, draft
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.learned import is_settled, past_readouts
from drumbeat.core.experiments.overlap import Clear, find_overlap
from drumbeat.core.experiments.placement import SETTINGS, setting_of
from drumbeat.core.experiments.rank import Candidate, Ranked, rank
from drumbeat.core.experiments.sizing import Infeasible, Sizing, Traffic, size, size_directional
from drumbeat.core.governance.action import Channel

# What the channels' objects are called, and what can be varied inside them.
_OBJECTS = {Channel.EMAIL: "send", Channel.ADS: "line_item", Channel.SOCIAL: "post"}
STYLES = ("benefit", "curiosity", "direct")
HOOKS = ("question", "fact", "scene", "number", "quote")
_LONGEST_WEEKS = 12


def hypothesize(case: PlanningCase) -> Experiment | None:
    """The registration to ask for: of the open, pre-approved claims the one that promises most
    by impact × confidence and that this surface has the people for.

    Where too few people pass to prove it within twelve weeks, it may lean (a directional test,
    its error cost written down). None while a test runs, or where no claim can be tested.
    """
    bench = case.bench
    if bench is None or case.test is not None:
        return None
    specs = {spec.id: spec for spec in _open(case, bench)}
    for one in _ranked(specs, bench):
        spec = specs[one.candidate.hypothesis.id]
        sizing = sizing_of(one.candidate.hypothesis, spec, bench.traffic.get(spec.id))
        if sizing is not None:
            return draft(Draft(bench.campaign, spec, sizing, bench.now, "agent:planner"))
    return None


def choose(case: PlanningCase) -> HypothesisChoice | None:
    """What this cycle does for the test that runs; None without one it can vary anything for."""
    test = case.test
    arms = arms_of(case)
    if test is None or arms is None:
        return None
    claim, sizing = test.hypothesis, test.sizing
    text = f"{claim.change} (expected {claim.expected:+.0%} {claim.metric.replace('_', ' ')})"
    proof = "leaning on" if sizing.mode == "directional" else "proving it by"
    return HypothesisChoice(
        hypothesis=claim.id,
        experiment=test.id,
        seal=test.seal,
        variables=tuple(claim.variables),
        control=arms[0],
        treatment=arms[1],
        why=f"registered as {test.id}, {proof} {sizing.max_n:,} units in {sizing.weeks} weeks",
        citations=(Citation(source=f"hypotheses#{claim.id}", text=text),),
    )


def arms_of(case: PlanningCase) -> tuple[str, str] | None:
    """What control and treatment set in this cycle, such as ``benefit`` and ``curiosity``."""
    test = case.test
    if test is None:
        return None
    name = varied(test.hypothesis, case.brief.channels)
    control, treatment = test.arms.control, test.arms.treatment
    values = (setting_of(control, name), setting_of(treatment, name)) if name else ("", "")
    return values if all(values) else None


def _open(case: PlanningCase, bench: Bench) -> Iterator[HypothesisSpec]:
    """The brief's claims that may be tested, now and here."""
    running = [one.experiment for one in bench.tests if one.is_running]
    for name in case.brief.hypotheses:
        spec = case.hypotheses.get(name)
        if spec is None or not spec.pre_approved or not _fits(spec, case, bench):
            continue
        claim = Hypothesis.of(spec, bench.campaign.experiments.surface)
        is_new = not is_settled(claim, bench.tests, bench.now)
        if is_new and isinstance(find_overlap(claim, running), Clear):
            yield spec


def _fits(spec: HypothesisSpec, case: PlanningCase, bench: Bench) -> bool:
    """Whether the surface varies this, the people are addressed, and both arms can be made."""
    own = bench.campaign.experiments
    claim = Hypothesis.of(spec, own.surface)
    name = varied(claim, case.brief.channels)
    arms = (Arm.of(spec.control, Role.CONTROL), Arm.of(spec.treatment, Role.TREATMENT))
    values = {setting_of(arm, name) for arm in arms} if name else set()
    meant = not spec.segments or bool(set(spec.segments) & set(case.brief.audience.include))
    return (
        meant and set(spec.variables) <= set(own.variables) and len(values & _makeable(case)) == 2
    )


def varied(claim: Hypothesis, channels: Collection[Channel]) -> str:
    """The setting that is varied, where exactly one of the claim's variables can be."""
    keys = [(v, _OBJECTS[c]) for v in claim.variables for c in channels if c in _OBJECTS]
    found = [SETTINGS[key] for key in keys if key in SETTINGS]
    return found[0] if len(found) == 1 and len(claim.variables) == 1 else ""


def _makeable(case: PlanningCase) -> set[str]:
    """The styles, angles and hooks there are words for."""
    channels, found = case.brief.channels, set[str]()
    found |= set(STYLES) if Channel.EMAIL in channels else set()
    found |= set(HOOKS) if Channel.SOCIAL in channels else set()
    if Channel.ADS in channels:
        shown = (piece for piece in case.content if Channel.ADS in piece.channels)
        found |= {angle for piece in shown for angle in angles_of(piece)}
        found |= {creative.angle for item in case.live for creative in item.creatives}
        found |= {Angle.REMINDER} if case.brief.type is CampaignType.RETARGETING else set()
    return found


def _ranked(specs: dict[str, HypothesisSpec], bench: Bench) -> tuple[Ranked, ...]:
    surface = bench.campaign.experiments.surface
    candidates = (
        Candidate(Hypothesis.of(spec, surface), bench.stakes.get(spec.id, 1.0))
        for spec in specs.values()
    )
    return rank(candidates, past_readouts(bench.tests))


def sizing_of(claim: Hypothesis, spec: HypothesisSpec, traffic: Traffic | None) -> Sizing | None:
    """A design that proves the claim, else the shortest one that leans; None where neither fits."""
    if traffic is None or not claim.is_improvement:
        return None
    try:
        found = size(claim, traffic, min_weeks=spec.min_weeks, max_weeks=_LONGEST_WEEKS)
        for weeks in range(spec.min_weeks, _LONGEST_WEEKS + 1):
            if not isinstance(found, Infeasible):
                break
            found = size_directional(claim, traffic, weeks=weeks)
    except ValueError:
        return None  # no such effect can be: a share above one
    return None if isinstance(found, Infeasible) else found
