"""Rolling-origin accuracy of `drumbeat.stats.forecast` on daily KPI series.

Run: `.venv/bin/python -m benchmarks.forecast`. From 30 origins a series, 14 days ahead: mean
absolute error scaled by the in-sample error of "same as a week ago" (MASE), the share of days
inside the 95 % and 80 % intervals, and milliseconds of processor time a forecast.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.kpi_series import DATA, Series, kpi_series
from drumbeat.stats.forecast import forecast

HORIZON = 14
ORIGINS = 30


@dataclass(frozen=True)
class Score:
    mase: float
    naive_mase: float
    inside_95: float
    inside_80: float
    milliseconds: float


def score(series: Series, origins: int = ORIGINS) -> Score:
    """Averages over rolling origins spread from the first third of a series to its end."""
    return Score(*np.mean(list(_each_origin(series, origins)), axis=0))


def _each_origin(series: Series, origins: int) -> Iterator[tuple[float, ...]]:
    days, values = np.array(series[0], dtype="datetime64[D]"), np.array(series[1])
    regular = np.full(int((days[-1] - days[0]).astype(int)) + 1, np.nan)
    at = (days - days[0]).astype(int)
    regular[at] = values
    for origin in np.linspace(max(120, len(regular) // 3), len(regular) - HORIZON, origins):
        seen, came = regular[: int(origin)], regular[int(origin) : int(origin) + HORIZON]
        yield _one(days[0], seen, came)


def _one(start: np.datetime64, seen: np.ndarray, came: np.ndarray) -> tuple[float, ...]:
    days = start + np.arange(len(seen))
    began = time.process_time()
    made = forecast(list(days), seen, HORIZON)
    took = (time.process_time() - began) * 1000
    unit = np.nanmean(np.abs(seen[7:] - seen[:-7]))
    known = ~np.isnan(came)
    naive = np.tile(seen[-7:], 2)
    return (
        np.nanmean(np.abs(came - made.mean)) / unit,
        np.nanmean(np.abs(came - naive)) / unit,
        np.mean((made.low[95] <= came)[known] & (came <= made.high[95])[known]),
        np.mean((made.low[80] <= came)[known] & (came <= made.high[80])[known]),
        took,
    )


def main() -> None:
    if not (DATA / "kpi").is_dir():
        raise SystemExit(f"no KPI series in {DATA / 'kpi'}")
    print(f"{'series':32} {'MASE':>6} {'naive':>6} {'in 95':>6} {'in 80':>6} {'ms':>6}")
    scores = {name: score(series) for name, series in kpi_series()}
    rows = {name: list(vars(one).values()) for name, one in scores.items()}
    rows["mean"] = list(np.mean(list(rows.values()), axis=0))
    for name, row in rows.items():
        print(f"{name:32} " + " ".join(f"{value:6.3f}" for value in row))


if __name__ == "__main__":
    main()
