"""Made-up series that look like mentions on a social network and like prices of an ad exchange.

Seeded and labeled. Unlabeled bursts are as large as some labeled ones, as in life: nobody can
score 100 here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.stats.nab import Labeled, Window

Floats: TypeAlias = NDArray[np.float64]
Rng: TypeAlias = np.random.Generator

START = datetime(2026, 2, 26, 21, 42, 53)
LABELED_SHARE = 0.1


def social_volume(seed: int, points: int = 15_800) -> Labeled:
    """Mentions of a company in 5-minute slots: over-dispersed counts, day and week, bursts."""
    rng = np.random.default_rng([1, seed])
    base = float(np.exp(rng.uniform(np.log(0.35), np.log(80.0))))
    rate = base * np.exp(_rhythm(rng, points, 288) + _drift(rng, points, 100.0, 0.25))
    for _ in range(rng.poisson(points / 288)):
        _burst(rate, int(rng.integers(points)), base * (0.4 + rng.pareto(1.7)), rng.uniform(1, 40))
    for _ in range(rng.poisson(points / 288 * 0.4)):
        rate[int(rng.integers(points))] += (base + 1.0) * 1.5 * (1.0 + rng.pareto(2.0))
    onsets = _onsets(rng, points, int(rng.integers(2, 6)))
    for onset in onsets:
        size = (base + 0.5) * np.exp(rng.normal(np.log(8.0), 0.8))
        _burst(rate, onset, float(size), rng.uniform(4, 80))
    shape = rng.uniform(3.0, 15.0)
    values = rng.poisson(rng.gamma(shape, rate / shape)).astype(np.float64)
    return _labeled("social volume", seed, values, timedelta(minutes=5), onsets)


def ad_exchange(seed: int, points: int = 1_600) -> Labeled:
    """Hourly price of clicks: noisy level with a daily pattern; spikes, drops and shifts."""
    rng = np.random.default_rng([2, seed])
    noise = rng.uniform(0.08, 0.35) * rng.standard_t(rng.uniform(3.5, 12.0), size=points)
    values = np.exp(_rhythm(rng, points, 24) * 0.4 + _drift(rng, points, 60.0, 0.12) + noise)
    onsets = _onsets(rng, points, int(rng.integers(1, 5)))
    spread = float(values.std())
    for onset in onsets:
        _disturb(rng, values, onset, spread * float(np.exp(rng.normal(np.log(6.0), 0.4))))
    return _labeled("ad exchange", seed, values, timedelta(hours=1), onsets)


def _rhythm(rng: Rng, points: int, per_day: int) -> Floats:
    days = np.arange(points) / per_day + rng.uniform(0.0, 7.0)
    weekend = (days.astype(int) % 7 >= 5) * rng.uniform(0.1, 0.7)
    day = rng.uniform(0.3, 1.0) * np.cos(2 * np.pi * days)
    return np.asarray(day + rng.uniform(0.0, 0.3) * np.cos(4 * np.pi * days + 1.0) - weekend)


def _drift(rng: Rng, points: int, memory: float, spread: float) -> Floats:
    keep = np.exp(-1.0 / memory)
    steps = rng.normal(size=points) * spread * np.sqrt(1.0 - keep**2)
    drift = np.zeros(points)
    for index in range(1, points):
        drift[index] = keep * drift[index - 1] + steps[index]
    return drift


def _burst(rate: Floats, at: int, size: float, decay: float) -> None:
    rate[at:] += size * np.exp(-np.arange(len(rate) - at) / decay)


def _disturb(rng: Rng, values: Floats, at: int, size: float) -> None:
    kinds: list[Callable[[], None]] = [
        lambda: _add(values, at, int(rng.integers(1, 4)), size),
        lambda: _add(values, at, int(rng.integers(12, 60)), size / 2.0),
        lambda: _scale(values, at, int(rng.integers(6, 40)), float(rng.uniform(0.05, 0.4))),
    ]
    kinds[int(rng.integers(len(kinds)))]()


def _add(values: Floats, at: int, length: int, size: float) -> None:
    values[at : at + length] += size


def _scale(values: Floats, at: int, length: int, factor: float) -> None:
    values[at : at + length] *= factor


def _onsets(rng: Rng, points: int, count: int) -> list[int]:
    """Onsets spread over equal parts of the series, so that their windows do not overlap."""
    first, part = 0.2 * points, 0.8 * points / count
    return [int(first + part * (index + rng.uniform(0.3, 0.7))) for index in range(count)]


def _labeled(family: str, seed: int, values: Floats, step: timedelta, onsets: list[int]) -> Labeled:
    half = int(LABELED_SHARE * len(values) / len(onsets) / 2)
    windows: list[Window] = [(at - half, min(len(values) - 1, at + half)) for at in onsets]
    timestamps = [START + index * step for index in range(len(values))]
    return Labeled(family, f"{family} {seed}", timestamps, values.tolist(), windows)
