"""Segments of a test: how its arms did among each segment's people, looked at after the fact."""

from collections.abc import Mapping

from drumbeat.core.experiments.readout import Pair
from drumbeat.stats.proportions import compare
from drumbeat.stats.sequential import Summary
from drumbeat.web.views.experiment import SegmentEffect
from drumbeat.web.views.value import Points, Share

_ALPHA = 0.05


def segment_effects(pairs: Mapping[str, Pair]) -> tuple[SegmentEffect, ...]:
    """One line a segment, the largest first. Each interval is wider for there being several
    (Bonferroni): 95 % is what all of them hold together."""
    told = (_effect(name, pair, _ALPHA / len(pairs)) for name, pair in pairs.items())
    return tuple(sorted(told, key=lambda one: (-one.people, one.segment)))


def _effect(name: str, pair: Pair, alpha: float) -> SegmentEffect:
    control, treatment = pair.control, pair.treatment
    found = compare(_counts(control), _counts(treatment), alpha)
    return SegmentEffect(
        segment=name.replace("-", " ").replace("_", " "),
        people=control.n + treatment.n,
        control=Share(control.mean, 2),
        treatment=Share(treatment.mean, 2),
        low=Points(found.low),
        high=Points(found.high),
        is_clear=not found.low <= 0 <= found.high,
    )


def _counts(arm: Summary) -> tuple[int, int]:
    return round(arm.mean * arm.n), arm.n
