"""Overlap: two tests must not change the same thing, in the same place, for the same people.

It does not matter which campaign or channel they belong to. Tests that would meet are refused,
because neither could tell its own effect from the other's.
"""

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass

from drumbeat.core.campaign.hypothesis_file import Variable
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.hypothesis import Hypothesis

EVERYBODY = "everybody"


@dataclass(frozen=True)
class Clear:
    """Nothing that runs stands in the way."""


@dataclass(frozen=True)
class Collides:
    """The test that already runs, and what both would change for whom."""

    experiment: str
    campaign: str
    surface: str
    variables: tuple[Variable, ...]
    audience: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The refusal in words."""
        return (
            f"{self.experiment} of {self.campaign} already tests {', '.join(self.variables)} on "
            f"{self.surface} for {', '.join(self.audience)}"
        )


Overlap = Clear | Collides


def find_overlap(
    claim: Hypothesis,
    running: Iterable[Experiment],
    disjoint: Collection[Set[str]] = (),
) -> Overlap:
    """The first running test that overlaps on audience × variable × surface.

    Two segments are taken to share people unless ``disjoint`` has the pair: whether a person is
    in both is not known before somebody has counted.
    """
    for experiment in running:
        shared = _shared(claim, experiment.hypothesis, disjoint)
        if shared:
            variables, audience = shared
            surface = experiment.hypothesis.surface
            return Collides(experiment.id, experiment.campaign, surface, variables, audience)
    return Clear()


def under_test(target: str, running: Iterable[Experiment]) -> Experiment | None:
    """The running test that an object of a platform belongs to; only its rule may change it."""
    return next((each for each in running if target in each.arms.targets), None)


def _shared(
    one: Hypothesis, other: Hypothesis, disjoint: Collection[Set[str]]
) -> tuple[tuple[Variable, ...], tuple[str, ...]] | None:
    variables = tuple(variable for variable in one.variables if variable in other.variables)
    if one.surface != other.surface or not variables:
        return None
    audience = _people(one.audience, other.audience, disjoint)
    return (variables, audience) if audience else None


def _people(
    one: tuple[str, ...], other: tuple[str, ...], disjoint: Collection[Set[str]]
) -> tuple[str, ...]:
    """The segments of ``one`` that may hold people of ``other``; no segment means everybody."""
    if not one or not other:
        return one or other or (EVERYBODY,)
    apart = {frozenset(pair) for pair in disjoint}
    return tuple(
        mine
        for mine in one
        if any(mine == theirs or frozenset((mine, theirs)) not in apart for theirs in other)
    )
