"""How small a lift the real panels can show at all, whatever the estimator.

Run: `.venv/bin/python -m benchmarks.lift_ceiling`. Half of the geos and a start date are drawn at
random, 400 times; several estimators of the difference in differences measure a lift that is not
there. Each is then told its own 95 % range, which no method knows beforehand, and counted is how
often +2 % would lie beyond it. What `geo_lift` reaches (`benchmarks.lift`) cannot be much more
than the best of these.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from benchmarks.kpi_series import DATA
from benchmarks.lift import cities, matched_markets
from drumbeat.stats._geo_change import measure_change
from drumbeat.stats._geo_test import difference

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Estimator = Callable[[Floats, Flags, int, int], float]

DRAWS = 400
LIFT = 0.02


def changes(panel: Floats, start: int, back: int) -> Floats:
    """Log of each geo's mean after the start over that of the ``back`` days before."""
    before = np.log(panel[:, max(0, start - back) : start].mean(axis=1))
    return np.asarray(np.log(panel[:, start:].mean(axis=1)) - before)


def by_mean(panel: Floats, treated: Flags, start: int, back: int) -> float:
    change = changes(panel, start, back)
    return float(change[treated].mean() - change[~treated].mean())


def by_median(panel: Floats, treated: Flags, start: int, back: int) -> float:
    change = changes(panel, start, back)
    return float(np.median(change[treated]) - np.median(change[~treated]))


def by_total(panel: Floats, treated: Flags, start: int, back: int) -> float:
    totals = np.stack([panel[arm].sum(axis=0) for arm in (treated, ~treated)])
    change = changes(totals, start, back)
    return float(change[0] - change[1])


def by_precision(panel: Floats, treated: Flags, start: int, back: int) -> float:
    """Geos weighted by the inverse of their own variance, half way drawn to the usual one."""
    relative = panel / panel[:, :start].mean(axis=1, keepdims=True)
    relative = relative / np.median(relative, axis=0)
    noise = relative[:, :start].var(axis=1)
    weight, change = 1 / (noise + np.median(noise) / 2), changes(relative, start, back)
    inside, outside = (np.average(change[arm], weights=weight[arm]) for arm in (treated, ~treated))
    return float(inside - outside)


def by_synthetic(panel: Floats, treated: Flags, start: int, back: int) -> float:
    """Untreated geos mixed so that they followed the treated ones (Arkhangelsky et al. 2021)."""
    relative = panel / panel[:, :start].mean(axis=1, keepdims=True)
    goal, pool = relative[treated].mean(axis=0), relative[~treated].T
    centered = pool[:start] - pool[:start].mean(axis=0)
    firm = np.sqrt(centered.var() * start / 2) * np.eye(pool.shape[1])
    rows = np.vstack([centered, np.full((1, pool.shape[1]), 1e3), firm])
    wanted = np.concatenate([goal[:start] - goal[:start].mean(), [1e3], np.zeros(len(firm))])
    change = changes(np.stack([goal, pool @ nnls(rows, wanted)[0]]), start, back)
    return float(change[0] - change[1])


def by_habits(panel: Floats, treated: Flags, start: int, back: int) -> float:
    """What `geo_lift` measures."""
    scaled = panel / panel.max()
    return difference(measure_change(scaled, treated, start, 7), treated).log


ESTIMATORS: dict[str, Estimator] = {
    "mean": by_mean,
    "median": by_median,
    "total": by_total,
    "precision": by_precision,
    "synthetic": by_synthetic,
    "geo_lift": by_habits,
}


def power(panel: Floats, estimate: Estimator, after: int, back: int) -> float:
    """The share of draws in which +2 % would leave the estimator's own 95 % range."""
    chance, (geos, days) = np.random.default_rng(4), panel.shape
    found = np.zeros(DRAWS)
    for draw in range(DRAWS):
        start = int(chance.integers(days // 2, days - after + 1))
        treated = np.zeros(geos, dtype=bool)
        treated[chance.choice(geos, geos // 2, replace=False)] = True
        found[draw] = estimate(panel[:, : start + after], treated, start, back)
    return float(np.mean(found + np.log1p(LIFT) > np.quantile(np.abs(found), 0.95)))


def main() -> None:
    sold, sales = cities(), matched_markets()
    sales = sales[~np.isnan(sales).any(axis=1)]
    panels = {
        "40 cities, 2 weeks": (sold, 14),
        "40 cities, 4 weeks": (sold, 28),
        f"{len(sales)} matched markets, 2 weeks": (sales, 14),
    }
    print(f"{'power at +2 %, its spread known':32}" + "".join(f"{name:>11}" for name in ESTIMATORS))
    for name, (panel, after) in panels.items():
        best = [max(power(panel, one, after, back) for back in (14, 28, 999))
                for one in ESTIMATORS.values()]  # fmt: skip
        print(f"{name:32}" + "".join(f"{one:11.2f}" for one in best), flush=True)


if __name__ == "__main__":
    if (DATA / "geo").is_dir():
        main()
    else:
        print("The geo panels are not beside the checkout.")
