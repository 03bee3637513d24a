"""Rolling-origin accuracy of `drumbeat.stats.forecast` on daily KPI series, beside plain methods.

Run: `.venv/bin/python -m benchmarks.forecast`. From several sets of cut points, 14 days ahead: mean
absolute error scaled by the in-sample error of "same as a week ago" (MASE), also of that naive
forecast itself and of a log with a weekly index, the share of days inside the 95 % and 80 %
intervals, and milliseconds of processor time a forecast. A MASE moves with its cut points as much
as with its method: read it beside the others on the same ones.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from benchmarks.kpi_series import DATA, Series, kpi_series
from drumbeat.stats.forecast import Forecast, forecast

HORIZON = 14
SHORTEST = 120
PICKED = 12

Floats = NDArray[np.float64]
Cuts = Callable[[int], NDArray[np.int_]]


@dataclass(frozen=True)
class Score:
    mase: float
    naive_mase: float
    index_mase: float
    inside_95: float
    inside_80: float
    milliseconds: float


def spread(origins: int = 30) -> Cuts:
    """Cut points evenly spread from the first third of a series to its end."""

    def cuts(days: int) -> NDArray[np.int_]:
        return np.linspace(max(SHORTEST, days // 3), days - HORIZON, origins).astype(int)

    return cuts


def picked(seed: int, first: float = 0, last: float = 1) -> Cuts:
    """Cut points picked by lot between two shares of a series (and never before 120 days)."""

    def cuts(days: int) -> NDArray[np.int_]:
        ends = days - HORIZON
        low = max(SHORTEST, int(ends * first))
        high = max(int(ends * last), min(low + 60, ends))
        return np.sort(np.random.default_rng([seed, days]).integers(low, high + 1, PICKED))

    return cuts


SETS: dict[str, Cuts] = {
    "spread": spread(),
    "early": picked(1, 0, 1 / 3),
    "late": picked(2, 2 / 3, 1),
    **{f"random {seed}": picked(seed) for seed in range(3, 7)},
}


def score(series: Series, cuts: Cuts) -> Score:
    """Averages over the cut points of a series."""
    return Score(*np.mean(list(_each_origin(series, cuts)), axis=0))


def naive(seen: Floats) -> Floats:
    """The same as a week ago."""
    return np.tile(seen[-7:], HORIZON // 7)


def log_index(seen: Floats) -> Floats:
    """On logs: the mean of four weeks with the weekly index of eight."""
    logs = np.log1p(seen)
    weeks = logs[-56:].reshape(-1, 7)
    index = np.nanmean(weeks, axis=0) - np.nanmean(weeks)
    level = np.nanmean(weeks[-4:] - index)
    return np.asarray(np.expm1(np.tile(level + index, HORIZON // 7)))


def _each_origin(series: Series, cuts: Cuts) -> Iterator[tuple[float, ...]]:
    days, values = np.array(series[0], dtype="datetime64[D]"), np.array(series[1])
    regular = np.full(int((days[-1] - days[0]).astype(int)) + 1, np.nan)
    at = (days - days[0]).astype(int)
    regular[at] = values
    for origin in cuts(len(regular)):
        yield _one(days[0], regular[:origin], regular[origin : origin + HORIZON])


def _one(start: np.datetime64, seen: Floats, came: Floats) -> tuple[float, ...]:
    days = start + np.arange(len(seen))
    began = time.process_time()
    made = forecast(list(days), seen, HORIZON)
    took = (time.process_time() - began) * 1000
    unit = _mean_error(seen[:-7], seen[7:])
    return (
        *(_mean_error(one, came) / unit for one in (made.mean, naive(seen), log_index(seen))),
        _inside(made, 95, came),
        _inside(made, 80, came),
        took,
    )


def _mean_error(expected: Floats, came: Floats) -> float:
    return float(np.nanmean(np.abs(came - expected)))


def _inside(made: Forecast, level: int, came: Floats) -> float:
    known = ~np.isnan(came)
    return float(np.mean(((made.low[level] <= came) & (came <= made.high[level]))[known]))


def _print(title: str, rows: dict[str, Score]) -> None:
    names = ("MASE", "naive", "index", "in 95", "in 80", "ms")
    print(f"{title:32} " + " ".join(f"{name:>6}" for name in names))
    for name, row in rows.items():
        print(f"{name:32} " + " ".join(f"{value:6.3f}" for value in astuple(row)))


def _mean(scores: list[Score]) -> Score:
    return Score(
        *(float(np.mean([getattr(one, it.name) for one in scores])) for it in fields(Score))
    )


def main() -> None:
    if not (DATA / "kpi").is_dir():
        raise SystemExit(f"no KPI series in {DATA / 'kpi'}")
    known = list(kpi_series())
    scores = {name: [score(series, cuts) for _, series in known] for name, cuts in SETS.items()}
    rows = {name: _mean(list(those)) for name, those in scores.items()}
    _print("cut points", {**rows, "mean": _mean(list(rows.values()))})
    print()
    each = zip((name for name, _ in known), zip(*scores.values(), strict=True), strict=True)
    _print("series, all cut points", {name: _mean(list(those)) for name, those in each})


if __name__ == "__main__":
    main()
