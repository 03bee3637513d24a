"""Anomaly detection as shipped against two naive detectors, by the NAB standard profile.

Run: `.venv/bin/python -m benchmarks.anomaly`. One row a family of series: the score (0 is silence,
100 perfection), windows found, false episodes and clean points; then microseconds a point. The
made-up families run always, the real ones where the benchmark's data are present. Every threshold
is one number for all series.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from drumbeat.stats.anomaly import Detector
from tests.stats.anomaly_series import ad_exchange, social_volume
from tests.stats.nab import DATA, Labeled, Tally, load, tally

SEEDS = range(500, 520)

Alerts = Callable[[Sequence[datetime], Sequence[float]], Iterator[bool]]


@dataclass
class Running:
    """Exponentially forgotten mean and variance."""

    points: float
    mean: float = math.nan
    variance: float = 0.0

    def z(self, value: float) -> float:
        return abs(value - self.mean) / math.sqrt(self.variance) if self.variance > 0 else 0.0

    def learn(self, value: float) -> None:
        error = 0.0 if math.isnan(self.mean) else value - self.mean
        self.mean = value - error * (1.0 - 1.0 / self.points)
        self.variance += (error * error - self.variance) / self.points


@dataclass
class Quiet:
    """At most one alert in `points` values."""

    points: int = 100
    since: int = field(default=10**9)

    def passes(self, is_alert: bool) -> bool:
        self.since += 1
        if not is_alert or self.since <= self.points:
            return False
        self.since = 0
        return True


def shipped(timestamps: Sequence[datetime], values: Sequence[float]) -> Iterator[bool]:
    detector = Detector()
    for at, value in zip(timestamps, values, strict=True):
        yield detector.update(at, value).is_anomaly


def rolling_z(_: Sequence[datetime], values: Sequence[float]) -> Iterator[bool]:
    """Four deviations from the rolling mean, repeats suppressed."""
    recent, quiet = Running(144.0), Quiet()
    for value in values:
        yield quiet.passes(recent.z(value) > 4.0)
        recent.learn(value)


def seasonal_scales(timestamps: Sequence[datetime], values: Sequence[float]) -> Iterator[bool]:
    """Five deviations of the value or of its short mean from this hour's mean."""
    hours = [Running(60.0) for _ in range(24)]
    scales, short, quiet = (Running(1000.0), Running(1000.0)), 0.0, Quiet()
    for at, value in zip(timestamps, values, strict=True):
        hour = hours[at.hour]
        residual = 0.0 if math.isnan(hour.mean) else value - hour.mean
        short += (residual - short) / 6.0
        views = (residual, short)
        z = max(scale.z(view) for scale, view in zip(scales, views, strict=True))
        yield quiet.passes(z > 5.0)
        hour.learn(value)
        for scale, view in zip(scales, views, strict=True):
            scale.learn(view)


def measure(series: Sequence[Labeled], alerts: Alerts) -> Tally:
    total = Tally()
    for one in series:
        flags = alerts(one.timestamps, one.values)
        total += tally(one, [index for index, flag in enumerate(flags) if flag])
    return total


def families() -> dict[str, list[Labeled]]:
    made_up = [make(seed) for make in (social_volume, ad_exchange) for seed in SEEDS]
    found: dict[str, list[Labeled]] = {}
    for one in made_up + (load() if DATA.exists() else []):
        found.setdefault(one.family, []).append(one)
    return found


def main() -> None:
    detectors: dict[str, Alerts] = {
        "rolling z": rolling_z,
        "seasonal, two scales": seasonal_scales,
        "drumbeat": shipped,
    }
    groups = families()
    for name, alerts in detectors.items():
        began = time.perf_counter()
        rows = {family: measure(series, alerts) for family, series in groups.items()}
        seconds = time.perf_counter() - began
        points = sum(len(one.values) for series in groups.values() for one in series)
        print(f"\n{name}: {seconds / points * 1e6:.0f} µs a point")
        for family, row in rows.items():
            print(
                f"  {family:22} score {row.score:5.1f}   found {row.detected:3}/{row.windows:<3}"
                f"   false {row.episodes:4} in {row.clean_points:7,} clean points"
            )


if __name__ == "__main__":
    main()
