"""The scoring of the Numenta Anomaly Benchmark, standard profile, written from its paper.

Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly
Benchmark" (2015), arXiv 1510.03336. A window counts its earliest alert, 1 at its start falling by
a sigmoid to 0 at its end; a missed window costs 1; each alert outside costs up to 0.11, less just
behind a window. The first 15 % of a series (at most of 5,000 points) is a probation without score.
The sum is scaled so that no alert at all is 0 and a perfect detector is 100.
"""

import csv
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

FALSE_ALERT_COST = 0.11
PROBATION_SHARE = 0.15
PROBATION_POINTS = 5000

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "nab"

Window: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Labeled:
    """A series with the index ranges (both ends included) of its known anomalies."""

    family: str
    name: str
    timestamps: Sequence[datetime]
    values: Sequence[float]
    windows: Sequence[Window]

    @property
    def probation(self) -> int:
        return int(PROBATION_SHARE * min(len(self.values), PROBATION_POINTS))


@dataclass(frozen=True)
class Tally:
    """Sums over series; `episodes` are runs of neighboring alerts outside every window."""

    raw: float = 0.0
    windows: int = 0
    detected: int = 0
    episodes: int = 0
    clean_points: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.raw + other.raw,
            self.windows + other.windows,
            self.detected + other.detected,
            self.episodes + other.episodes,
            self.clean_points + other.clean_points,
        )

    @property
    def score(self) -> float:
        """0 for silence, 100 for perfection; NaN where there is nothing to detect."""
        if self.windows == 0:
            return math.nan
        return 100.0 * (self.raw + self.windows) / (2.0 * self.windows)


def tally(series: Labeled, alerts: Iterable[int]) -> Tally:
    """Score the indices of the points flagged in one series."""
    scored = [index for index in alerts if index >= series.probation]
    inside = [_best(window, scored) for window in series.windows]
    outside = [i for i in scored if not any(a <= i <= b for a, b in series.windows)]
    cost = sum(FALSE_ALERT_COST * _outside(index, series.windows) for index in outside)
    labeled = sum(b - a + 1 for a, b in series.windows)
    return Tally(
        raw=sum(inside) + cost,
        windows=len(inside),
        detected=sum(value > -1.0 for value in inside),
        episodes=sum(index - 1 not in set(outside) for index in outside),
        clean_points=len(series.values) - series.probation - labeled,
    )


def load(root: Path = DATA) -> list[Labeled]:
    """Every labeled series found under `root`, in the order of the label file."""
    labels: dict[str, list[list[str]]] = json.loads((root / "combined_windows.json").read_text())
    return [
        _read(root / name, name, windows)
        for name, windows in sorted(labels.items())
        if (root / name).exists()
    ]


def _read(path: Path, name: str, labels: list[list[str]]) -> Labeled:
    with path.open() as lines:
        rows = list(csv.DictReader(lines))
    timestamps = [datetime.fromisoformat(row["timestamp"]) for row in rows]
    windows = [_indices(timestamps, *map(datetime.fromisoformat, label)) for label in labels]
    family, _, file = name.partition("/")
    return Labeled(family, file, timestamps, [float(row["value"]) for row in rows], windows)


def _indices(timestamps: Sequence[datetime], start: datetime, end: datetime) -> Window:
    inside = [index for index, at in enumerate(timestamps) if start <= at <= end]
    return inside[0], inside[-1]


def _best(window: Window, alerts: Sequence[int]) -> float:
    start, end = window
    first = min((index for index in alerts if start <= index <= end), default=None)
    if first is None:
        return -1.0
    position = -(end - first + 1) / (end - start + 1)
    return _sigmoid(position) / _sigmoid(-1.0)


def _outside(index: int, windows: Sequence[Window]) -> float:
    behind = [(start, end) for start, end in windows if end < index]
    if not behind:
        return -1.0
    start, end = behind[-1]
    return _sigmoid((index - end) / max(1, end - start))


def _sigmoid(position: float) -> float:
    return -1.0 if position > 3.0 else 2.0 / (1.0 + math.exp(5.0 * position)) - 1.0
