"""Expectation: what a metric should come to this cycle, from the cycles before it."""

import math
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from statistics import mean, stdev

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.dossier import CycleRecord, Dossier
from drumbeat.core.campaign.plan import Forecast
from drumbeat.core.campaign.tally import Tally
from drumbeat.core.money import Money
from drumbeat.core.operations.metrics import RATES, value_of
from drumbeat.stats.forecast import forecast

_MOST_CYCLES = 12
_LEAST_CYCLES = 3
# Weeks between the newest figures and the cycle, beyond which a series says too little of it.
_MOST_AHEAD = 6
# One-sided 90 % of the normal distribution: an 80 % band.
_Z80 = 1.281552
# How far a figure from one pooled count may be off, when no cycles tell the spread.
_UNKNOWN_SPREAD = 0.25


def expect(
    metric: str,
    dossier: Dossier,
    people: int | None = None,
    currency: str = "",
    at: date | None = None,
    holidays: Collection[date] = (),
) -> Forecast | None:
    """What the cycle that begins ``at`` will bring, with an 80 % band; None without a past.

    Thirteen weekly cycles and more are forecast as a series: trend, season and ``holidays``, with
    the band its own past errors had. Fewer give their mean; the band is then
    mean ± 1.28 · s · √(1 + 1/n), the prediction interval of a normal sample with its spread taken
    as known. With fewer than three cycles a rate is read off the pooled tallies with a quarter
    either way, and a count as its rate times the ``people`` addressed.
    """
    values = tuple(_values(metric, dossier))
    series = _from_series(metric, values, currency, at, holidays) if at else None
    if series is not None:
        return series
    known = values[-_MOST_CYCLES:]
    if len(known) >= _LEAST_CYCLES:
        return _from_cycles(metric, known, currency)
    return _from_tallies(metric, dossier, people)


def _values(metric: str, dossier: Dossier) -> Iterator[tuple[CycleRecord, float]]:
    for record in sorted(dossier.cycles, key=lambda one: one.at):
        value = value_of(metric, record.counts)
        if value is not None:
            yield record, value


def _from_series(
    metric: str,
    known: tuple[tuple[CycleRecord, float], ...],
    currency: str,
    at: date,
    holidays: Collection[date],
) -> Forecast | None:
    """The weekly series continued to the week of ``at``; None where it is too short or too old."""
    weeks = {_monday(record.at): value for record, value in known}
    ahead = (_monday(at) - max(weeks, default=at)).days // 7
    if not 1 <= ahead <= _MOST_AHEAD:
        return None
    days = sorted(weeks)
    special = {_monday(day) for day in holidays}
    try:
        found = forecast(days, [weeks[day] for day in days], ahead, (80,), holidays=special or None)
    except ValueError:
        return None
    low, middle, high = (float(x[-1]) for x in (found.low[80], found.mean, found.high[80]))
    if not all(map(math.isfinite, (low, middle, high))):
        return None
    newest = known[-1][0]
    text = (
        f"{metric.replace('_', ' ')} {show(metric, weeks[days[-1]], currency)} in the last of "
        f"{len(days)} weeks"
    )
    return Forecast(
        metric=metric,
        low=max(_least(metric), low),
        mean=max(_least(metric), middle),
        high=max(_least(metric), high),
        why=f"{len(days)} weeks continued, with the 80% band of its own past errors",
        citations=(Citation(source=newest.source, text=text),),
    )


def _least(metric: str) -> float:
    """Below this it cannot be: whom an ad reaches has seen it once."""
    return 1.0 if metric == "frequency" else 0.0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _from_cycles(
    metric: str, known: tuple[tuple[CycleRecord, float], ...], currency: str
) -> Forecast:
    values = [value for _, value in known]
    middle = mean(values)
    reach = _Z80 * stdev(values) * math.sqrt(1 + 1 / len(values))
    newest = known[-1][0]
    text = (
        f"{metric.replace('_', ' ')} {show(metric, middle, currency)} on average over "
        f"{len(values)} cycles ({show(metric, min(values), currency)} to "
        f"{show(metric, max(values), currency)})"
    )
    return Forecast(
        metric=metric,
        low=max(_least(metric), middle - reach),
        mean=middle,
        high=middle + reach,
        why=f"the last {len(values)} cycles, with an 80% band",
        citations=(Citation(source=newest.source, text=text),),
    )


def _from_tallies(metric: str, dossier: Dossier, people: int | None) -> Forecast | None:
    ratio = RATES.get(metric)
    if ratio is not None:
        mine = [t for t in dossier.tallies if (t.over, t.under) == (ratio.over, ratio.under)]
        return _pooled(metric, mine, 1.0)
    counted = [t for t in dossier.tallies if t.over == metric and t.under == "delivered"]
    return _pooled(metric, counted, float(people)) if people else None


def _pooled(metric: str, tallies: list[Tally], times: float) -> Forecast | None:
    """The pooled rate times something. Elements count the same people again: one is added up."""
    mine = [t for t in tallies if t.element is tallies[0].element]
    trials = sum(t.trials for t in mine)
    if not trials:
        return None
    middle = sum(t.hits for t in mine) / trials * times
    return Forecast(
        metric=metric,
        low=middle * (1 - _UNKNOWN_SPREAD),
        mean=middle,
        high=middle * (1 + _UNKNOWN_SPREAD),
        why="the pooled rate of the past; its spread from cycle to cycle is not known yet",
        citations=tuple(t.citation for t in mine[:3]),
    )


def show(metric: str, value: float, currency: str = "") -> str:
    """A figure as people read it: shares in percent, money in ``currency`` where it is given."""
    ratio = RATES.get(metric)
    counts = {ratio.over, ratio.under} if ratio else {metric}
    money = counts & {"spend", "revenue"}
    if ratio is not None and not money and metric != "frequency":
        return f"{value * 100:.2f}%" if value < 0.01 else f"{value * 100:.1f}%"
    if len(money) == 1 and currency:
        return str(Money(minor=round(value), currency=currency))
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
