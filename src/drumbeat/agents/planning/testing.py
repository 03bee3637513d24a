"""Testing: which hypothesis a campaign puts to the test next, and the one its cycle carries on."""

from collections.abc import Iterator, Mapping

from drumbeat.agents.planning.case import Bench, PlanningCase
from drumbeat.agents.planning.means import lacking
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.hypothesis_file import ClaimStatus, HypothesisSpec
from drumbeat.core.campaign.plan import HypothesisChoice
from drumbeat.core.experiments.arm import Arm, Role
from drumbeat.core.experiments.drafting import Draft, draft
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.learned import is_settled, past_readouts
from drumbeat.core.experiments.overlap import Collides, find_overlap
from drumbeat.core.experiments.rank import Candidate, Ranked, rank
from drumbeat.core.experiments.sizing import Infeasible, Sizing, Traffic, lean, size
from drumbeat.core.experiments.varied import setting_of, settings_of
from drumbeat.core.governance.teaching import barred_themes, said_before

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
    specs = {spec.id: spec for spec, why in _weighed(case, bench) if not why}
    for one in _ranked(specs, bench):
        spec = specs[one.candidate.hypothesis.id]
        sizing = sizing_of(one.candidate.hypothesis, spec, bench.traffic.get(spec.id))
        if not isinstance(sizing, str):
            return draft(Draft(bench.campaign, spec, sizing, bench.now, "agent:planner"))
    return None


def passed_over(case: PlanningCase) -> Mapping[str, str]:
    """Why each claim of the brief that is not tested is not: what is missing, in words."""
    bench = case.bench
    if bench is None:
        return {}
    found = {}
    for spec, why in _weighed(case, bench):
        claim = Hypothesis.of(spec, bench.campaign.experiments.surface)
        sizing = why or sizing_of(claim, spec, bench.traffic.get(spec.id))
        if isinstance(sizing, str):
            found[spec.id] = sizing
    return found


def choose(case: PlanningCase) -> HypothesisChoice | None:
    """What this cycle does for the test that runs; None without one it can vary anything for."""
    test = case.test
    varied = varied_by(case)
    if test is None or not varied:
        return None
    claim, sizing = test.hypothesis, test.sizing
    text = f"{claim.change} (expected {claim.expected:+.0%} {claim.metric.replace('_', ' ')})"
    dealt = "; arms are compared over all who are dealt to them" if test.is_by_assignment else ""
    proof = "leaning on" if sizing.mode == "directional" else "proving it by"
    return HypothesisChoice(
        hypothesis=claim.id,
        experiment=test.id,
        seal=test.seal,
        salt=test.salt_for(case.brief.cycle),
        variables=tuple(claim.variables),
        control=", ".join(pair[0] for pair in varied.values()),
        treatment=", ".join(pair[1] for pair in varied.values()),
        why=f"registered as {test.id}, {proof} {sizing.max_n:,} units in {sizing.weeks} weeks"
        + dealt,
        citations=(Citation(source=f"hypotheses#{claim.id}", text=text),),
    )


def varied_by(case: PlanningCase) -> Mapping[str, tuple[str, str]]:
    """The settings the running test varies, with what control and treatment set in this cycle."""
    test = case.test
    if test is None or lacking(test.hypothesis, test.arms.control, test.arms.treatment, case):
        return {}
    names = settings_of(test.hypothesis, case.brief.channels)
    arms = (test.arms.control, test.arms.treatment)
    return {name: (setting_of(arms[0], name), setting_of(arms[1], name)) for name in names}


def arms_of(case: PlanningCase, name: str) -> tuple[str, str] | None:
    """What control and treatment set of one setting, such as ``benefit`` and ``curiosity``."""
    return varied_by(case).get(name)


def _weighed(case: PlanningCase, bench: Bench) -> Iterator[tuple[HypothesisSpec, str]]:
    """The brief's claims with why each may not be tested now and here, empty where it may."""
    running = [one.experiment for one in bench.tests if one.is_running]
    turned_down = barred_themes(case.overrides, ("experiment.register",), case.brief.campaign)
    for name in case.brief.hypotheses:
        spec = case.hypotheses.get(name)
        if spec is None:
            continue
        claim = Hypothesis.of(spec, bench.campaign.experiments.surface)
        found = find_overlap(claim, running)
        if any(one.hypothesis.id == spec.id for one in running):
            continue  # it is being tested
        if spec.id in turned_down:
            yield spec, said_before(turned_down[spec.id])
        elif is_settled(claim, bench.tests, bench.now):
            yield spec, "was tested within the last half year"
        elif isinstance(found, Collides):
            yield spec, found.reason
        else:
            yield spec, _unfit(spec, claim, case, bench)


def _unfit(spec: HypothesisSpec, claim: Hypothesis, case: PlanningCase, bench: Bench) -> str:
    """Why the claim is none for this campaign; empty where it is one."""
    own = bench.campaign.experiments
    if spec.status is not ClaimStatus.OPEN:
        return f"is {spec.status} in the library, by a test before"
    if not spec.pre_approved:
        return "nobody has approved it for agents to test (pre_approved)"
    if spec.segments and not set(spec.segments) & set(case.brief.audience.include):
        return f"is about {', '.join(spec.segments)}, whom the campaign does not address"
    strange = [variable for variable in spec.variables if variable not in own.variables]
    if strange:
        return f"the campaign does not vary {', '.join(strange)} (experiments.variables)"
    arms = (Arm.of(spec.control, Role.CONTROL), Arm.of(spec.treatment, Role.TREATMENT))
    return lacking(claim, *arms, case)


def _ranked(specs: dict[str, HypothesisSpec], bench: Bench) -> tuple[Ranked, ...]:
    surface = bench.campaign.experiments.surface
    candidates = (
        Candidate(Hypothesis.of(spec, surface), bench.stakes.get(spec.id, 1.0))
        for spec in specs.values()
    )
    return rank(candidates, past_readouts(bench.tests))


def sizing_of(claim: Hypothesis, spec: HypothesisSpec, traffic: Traffic | None) -> Sizing | str:
    """A design that proves the claim, else the shortest one that leans; else why neither fits."""
    if traffic is None:
        metric = claim.metric.replace("_", " ")
        return f"too little was measured to say what {metric} usually is, and how it swings"
    if not claim.is_improvement:
        return "what it expects would be a loss"
    try:
        found = size(claim, traffic, min_weeks=spec.min_weeks, max_weeks=_LONGEST_WEEKS)
        if isinstance(found, Infeasible):
            found = lean(claim, traffic, min_weeks=spec.min_weeks, max_weeks=_LONGEST_WEEKS)
    except ValueError:
        return "expects a share above one"
    return found.reason if isinstance(found, Infeasible) else found
