"""Readout: the numbers of a test at a moment, and the signs its rule is asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from drumbeat.core.campaign import metric
from drumbeat.core.experiments.experiment import Experiment, Guardrail
from drumbeat.core.experiments.rule import Sign
from drumbeat.core.units import Moment
from drumbeat.stats import srm
from drumbeat.stats.sequential import Decision, Readout, SequentialDesign, Summary, read

_WEEK_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class Pair:
    """One metric in both arms."""

    control: Summary
    treatment: Summary


@dataclass(frozen=True)
class Observed:
    """What was measured at ``at``: the goal, each guardrail by metric name, and the split.

    ``units`` counts the units shown each arm; ``by`` the same per stratum (see ``stats.srm``).
    """

    started_at: Moment
    at: Moment
    goal: Pair
    units: Mapping[str, int]
    guardrails: Mapping[str, Pair] = field(default_factory=dict)
    by: Any = None

    @property
    def whole_weeks(self) -> int:
        """Weeks that are over: a part of a week has its own weekdays only."""
        return int((self.at - self.started_at).total_seconds() // _WEEK_SECONDS)


@dataclass(frozen=True)
class Evidence:
    """The signs a test shows, with the numbers and names behind them."""

    signs: frozenset[Sign]
    goal: Readout
    split: srm.SrmResult | None
    lost: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    guardrails: Mapping[str, Readout] = field(default_factory=dict)


def weigh(experiment: Experiment, observed: Observed) -> Evidence:
    """Everything the rule may ask about, computed at once."""
    split = _split(experiment, observed)
    goal = read(experiment.sizing.design, observed.goal.control, observed.goal.treatment)
    watched = dict(_watched(experiment, observed))
    lost = tuple(g.metric for g in experiment.guardrails if _is_lost(g, watched, observed))
    unknown = tuple(g.metric for g in experiment.guardrails if not _is_known(g, observed))
    found = {
        Sign.SPLIT_BROKEN: split is not None and split.mismatch,
        Sign.GUARDRAIL_LOST: bool(lost),
        Sign.GUARDRAIL_UNKNOWN: bool(unknown),
        Sign.TOO_EARLY: observed.whole_weeks < experiment.min_weeks,
        Sign.PLAN_USED_UP: _is_used_up(experiment, observed),
        _toward(experiment, goal.decision): True,
    }
    signs = frozenset(sign for sign, is_shown in found.items() if is_shown)
    return Evidence(signs, goal, split, lost, unknown, watched)


def _split(experiment: Experiment, observed: Observed) -> srm.SrmResult | None:
    """None while nobody was shown anything: no units are no broken split."""
    if not any(observed.units.values()):
        return None
    return srm.check(observed.units, experiment.arms.shares, observed.by)


def _toward(experiment: Experiment, decision: Decision) -> Sign:
    if decision is Decision.UNDECIDED:
        return Sign.UNDECIDED
    higher_wins = metric.better(experiment.hypothesis.metric) == "higher"
    return Sign.BETTER if (decision is Decision.TREATMENT) == higher_wins else Sign.WORSE


def _is_used_up(experiment: Experiment, observed: Observed) -> bool:
    units = observed.goal.control.n + observed.goal.treatment.n
    # What is counted by the week has its last one in when that is over and read.
    weeks = experiment.sizing.weeks + (1 if experiment.is_by_week else 0)
    return units >= experiment.sizing.max_n or observed.whole_weeks >= weeks


def _is_known(guardrail: Guardrail, observed: Observed) -> bool:
    pair = observed.guardrails.get(guardrail.metric)
    return pair is not None and min(pair.control.n, pair.treatment.n) > 1


def _watched(experiment: Experiment, observed: Observed) -> Iterator[tuple[str, Readout]]:
    """Each guardrail's readout: they share one alpha and are read as often as the goal is."""
    plan = experiment.sizing
    for guardrail in experiment.guardrails:
        pair = observed.guardrails.get(guardrail.metric)
        if pair is not None:
            design = SequentialDesign(
                plan.alpha / len(experiment.guardrails),
                plan.max_n,
                plan.design.looks,
                overshoot=plan.design.overshoot,
            )
            yield guardrail.metric, read(design, pair.control, pair.treatment)


def _is_lost(guardrail: Guardrail, watched: Mapping[str, Readout], observed: Observed) -> bool:
    """Whether the treatment is surely worse by more than the margin."""
    found = watched.get(guardrail.metric)
    if found is None:
        return False
    allowed = guardrail.margin * abs(observed.guardrails[guardrail.metric].control.mean)
    if metric.better(guardrail.metric) == "higher":
        return found.high < -allowed
    return found.low > allowed
