"""Shifts: a campaign's metrics in the days before a change and in the days after it."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.words import measured, metric_name, relative, tone_of
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.governance.entry import Entry
from drumbeat.core.operations.metrics import RATES, value_of
from drumbeat.store import readings
from drumbeat.web.views.change import MetricShift

_MOST = 4
# Days on each side before their spread says anything.
_LEAST_DAYS = 3


def base_of(metrics: Iterable[str]) -> frozenset[str]:
    """The base counts that these metrics are made of."""
    found: set[str] = set()
    for metric in metrics:
        rate = RATES.get(metric)
        found |= {rate.over, rate.under} if rate else {metric}
    return frozenset(found)


def metrics_of(campaign: Campaign) -> tuple[str, ...]:
    """What a campaign is judged by, its goal first."""
    return tuple(dict.fromkeys((campaign.goal.metric, *campaign.success_metrics)))


def shifts_of(
    ground: Ground, connection: sa.Connection, entry: Entry, window: timedelta
) -> tuple[MetricShift, ...]:
    """Nothing while no whole day has passed since, or for what belongs to no campaign."""
    campaign = ground.campaigns.get(entry.campaign)
    if campaign is None:
        return ()
    days = readings.daily(connection, entry.campaign, entry.at - window)
    since = {d: {m: v[d] for m, v in days.items() if d in v} for d in _days(days)}
    earlier = [counts for day, counts in since.items() if day < entry.at]
    later = [counts for day, counts in since.items() if entry.at <= day <= entry.at + window]
    if not earlier or not later:
        return ()
    text = f"{len(earlier)} day{'s' if len(earlier) != 1 else ''} before, {len(later)} after"
    found = (_shift(m, earlier, later, ground.currency, text) for m in metrics_of(campaign))
    return tuple(one for one in found if one is not None)[:_MOST]


def _shift(
    metric: str,
    earlier: list[dict[str, float]],
    later: list[dict[str, float]],
    currency: str,
    window: str,
) -> MetricShift | None:
    before, after = _per_day(metric, earlier), _per_day(metric, later)
    if before is None or after is None:
        return None
    change = relative(after, before)
    is_noise = _is_noise(metric, earlier, later)
    name = metric_name(metric) + ("" if metric in RATES else " a day")
    return MetricShift(
        name,
        measured(metric, before, currency),
        measured(metric, after, currency),
        change,
        window,
        tone_of(metric, None if is_noise else change),
        told(is_noise, min(len(earlier), len(later))),
    )


def told(is_noise: bool, fewest: int) -> str:
    """What a difference says, seen over ``fewest`` days on its shorter side."""
    if fewest < _LEAST_DAYS:
        return "too few days to tell"
    return "within what days differ by anyway" if is_noise else "more than days usually differ by"


def _per_day(metric: str, days: list[dict[str, float]]) -> float | None:
    sums: dict[str, float] = {}
    for counts in days:
        for name, value in counts.items():
            sums[name] = sums.get(name, 0.0) + value
    found = value_of(metric, sums)
    return found if found is None or metric in RATES else found / len(days)


def _is_noise(metric: str, earlier: list[dict[str, float]], later: list[dict[str, float]]) -> bool:
    """Whether the difference of the daily means is within two standard errors (Welch)."""
    one, other = ([v for c in days if (v := value_of(metric, c)) is not None]
                  for days in (earlier, later))  # fmt: skip
    if min(len(one), len(other)) < _LEAST_DAYS:
        return True
    error = math.sqrt(_variance(one) / len(one) + _variance(other) / len(other))
    return abs(sum(one) / len(one) - sum(other) / len(other)) <= 2 * error


def _variance(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _days(days: dict[str, dict[datetime, float]]) -> list[datetime]:
    return sorted({day for by_day in days.values() for day in by_day})
