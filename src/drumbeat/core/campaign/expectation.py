"""Expectation: what a metric should come to this cycle, from the cycles before it."""

import math
from collections.abc import Iterator
from statistics import mean, stdev

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.dossier import CycleRecord, Dossier
from drumbeat.core.campaign.plan import Forecast
from drumbeat.core.operations.metrics import RATES, value_of

_MOST_CYCLES = 12
_LEAST_CYCLES = 3
# One-sided 90 % of the normal distribution: an 80 % band.
_Z80 = 1.281552
# How far a figure from one pooled count may be off, when no cycles tell the spread.
_UNKNOWN_SPREAD = 0.25


def expect(metric: str, dossier: Dossier, scale: float = 1.0) -> Forecast | None:
    """The mean of the last twelve cycles and an 80 % band for the next, or None without a past.

    The band is mean ± 1.28 · s · √(1 + 1/n), the prediction interval of a normal sample with
    its spread taken as known. With fewer than three cycles a rate is read off the pooled tallies
    with a quarter either way. ``scale`` stretches counts and sums when the cycle is larger than
    the ones before; rates are left as they are.
    """
    known = tuple(_values(metric, dossier))[-_MOST_CYCLES:]
    if len(known) >= _LEAST_CYCLES:
        return _from_cycles(metric, known, 1.0 if metric in RATES else scale)
    return _from_tallies(metric, dossier)


def _values(metric: str, dossier: Dossier) -> Iterator[tuple[CycleRecord, float]]:
    for record in sorted(dossier.cycles, key=lambda one: one.at):
        value = value_of(metric, record.counts)
        if value is not None:
            yield record, value


def _from_cycles(
    metric: str, known: tuple[tuple[CycleRecord, float], ...], scale: float
) -> Forecast:
    values = [value * scale for _, value in known]
    middle = mean(values)
    reach = _Z80 * stdev(values) * math.sqrt(1 + 1 / len(values))
    newest = known[-1][0]
    text = (
        f"{metric.replace('_', ' ')} {show(metric, middle)} on average over {len(values)} cycles "
        f"({show(metric, min(values))} to {show(metric, max(values))})"
    )
    return Forecast(
        metric=metric,
        low=max(0.0, middle - reach),
        mean=middle,
        high=middle + reach,
        why=f"the last {len(values)} cycles, with an 80 % band",
        citations=(Citation(source=newest.source, text=text),),
    )


def _from_tallies(metric: str, dossier: Dossier) -> Forecast | None:
    ratio = RATES.get(metric)
    if ratio is None:
        return None
    mine = [t for t in dossier.tallies if (t.over, t.under) == (ratio.over, ratio.under)]
    if not mine:
        return None
    # Elements count the same people again, so only one of them is added up.
    mine = [t for t in mine if t.element is mine[0].element]
    trials = sum(t.trials for t in mine)
    if not trials:
        return None
    rate = sum(t.hits for t in mine) / trials
    return Forecast(
        metric=metric,
        low=rate * (1 - _UNKNOWN_SPREAD),
        mean=rate,
        high=rate * (1 + _UNKNOWN_SPREAD),
        why="the pooled rate of the past; its spread from cycle to cycle is not known yet",
        citations=tuple(t.citation for t in mine[:3]),
    )


def show(metric: str, value: float) -> str:
    """A figure as people read it: rates of counts in percent, money in minor units."""
    ratio = RATES.get(metric)
    if ratio is not None and not {"spend", "revenue"} & {ratio.over, ratio.under}:
        return f"{value * 100:.1f} %"
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
