"""Exposure: a unit was actually shown its arm, at a moment."""

from collections import Counter
from collections.abc import Iterable

from drumbeat.core.experiments.assignment import Assignment
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class Exposure(Noun):
    """One showing; ``day`` and other ``strata`` are what the split is checked by."""

    experiment: str
    unit: str
    arm: str
    at: Moment
    strata: tuple[tuple[str, str], ...] = ()


class Crossed(Noun):
    """A unit that was shown an arm which is not its own: the readout cannot be trusted."""

    unit: str
    assigned: str
    shown: str


def find_crossed(
    assignments: Iterable[Assignment], exposures: Iterable[Exposure]
) -> tuple[Crossed, ...]:
    """Units shown another arm than theirs, or shown one without having any (assigned "")."""
    own = {(each.experiment, each.unit): each.arm for each in assignments}
    wrong = {
        Crossed(unit=each.unit, assigned=own.get((each.experiment, each.unit), ""), shown=each.arm)
        for each in exposures
        if own.get((each.experiment, each.unit)) != each.arm
    }
    return tuple(sorted(wrong, key=lambda crossed: (crossed.unit, crossed.shown)))


def count_units(exposures: Iterable[Exposure]) -> dict[str, int]:
    """How many different units were shown each arm; showing twice counts once."""
    seen = {(each.unit, each.arm) for each in exposures}
    return dict(Counter(arm for _, arm in seen))


def count_by(exposures: Iterable[Exposure], dimension: str) -> dict[str, dict[str, int]]:
    """Units per stratum and arm, by the stratum of a unit's first showing."""
    first: dict[tuple[str, str], Exposure] = {}
    for each in sorted(exposures, key=lambda exposure: exposure.at):
        first.setdefault((each.unit, each.arm), each)
    strata: dict[str, Counter[str]] = {}
    for each in first.values():
        strata.setdefault(_stratum(each, dimension), Counter())[each.arm] += 1
    return {label: dict(counts) for label, counts in strata.items()}


def _stratum(exposure: Exposure, dimension: str) -> str:
    if dimension == "day":
        return exposure.at.date().isoformat()
    return dict(exposure.strata).get(dimension, "unknown")
