"""False claims and power of `drumbeat.stats.incrementality.geo_lift` on pretended experiments.

Run: `.venv/bin/python -m benchmarks.lift`. Geos and start dates are drawn at random; a lift of
0 % and of +2 % is injected; counted is how often a claim follows. Panels: simulated steady and
noisy markets, and, where the data folder is beside the checkout, the 42 days of a real-looking
geo experiment before it started.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.kpi_series import DATA
from drumbeat.stats.incrementality import Lift, geo_lift

Panel = np.ndarray
EXPERIMENTS = 150


@dataclass(frozen=True)
class Rates:
    false_claims: float
    power: float
    coverage: float


def markets(geos: int, days: int, noise: float) -> Callable[[np.random.Generator], Panel]:
    """Markets of log-normal sizes, a weekly rhythm, a shared season and independent daily noise."""

    def draw(chance: np.random.Generator) -> Panel:
        size = np.exp(chance.normal(8, 1, geos))[:, None]
        week = 1 + 0.2 * np.sin(np.arange(days) * 2 * np.pi / 7)
        season = 1 + 0.3 * np.sin(np.arange(days) / 30)
        return np.asarray(size * week * season * np.exp(chance.normal(0, noise, (geos, days))))

    return draw


def matched_markets() -> Panel:
    """Sales of 100 geos on the 42 days before anything ran in any of them."""
    cells: dict[tuple[str, str], float] = {}
    with (DATA / "geo" / "matched_markets_salesandcost.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            if row["date"] < "2015-02-16":
                cells[row["geo"], row["date"]] = float(row["sales"])
    geos, dates = (sorted({key[i] for key in cells}) for i in (0, 1))
    return np.array([[cells.get((geo, day), np.nan) for day in dates] for geo in geos])


def rates(
    draw: Callable[[np.random.Generator], Panel], share: float, experiments: int, after: int = 28
) -> Rates:
    """Shares of pretended experiments with a claim at 0 %, and a lift and its interval at +2 %."""
    counted = [
        (null.verdict != "not proven", lifted.verdict == "lift", lifted.low <= 0.02 <= lifted.high)
        for null, lifted in _experiments(draw, share, experiments, after)
    ]
    return Rates(*np.mean(counted, axis=0))


def _experiments(
    draw: Callable[[np.random.Generator], Panel], share: float, experiments: int, after: int
) -> Iterator[tuple[Lift, Lift]]:
    chance = np.random.default_rng(4)
    for _ in range(experiments):
        panel = draw(chance)
        geos, days = panel.shape
        start = int(chance.integers(days // 2, days - min(after, days // 3) + 1))
        panel = panel[:, : start + after]
        treated = chance.choice(geos, max(1, round(geos * share)), replace=False)
        lifted = panel.copy()
        lifted[treated, start:] *= 1.02
        yield measure(panel, treated, start), measure(lifted, treated, start)


def measure(panel: Panel, treated: np.ndarray, start: int) -> Lift:
    """geo_lift of a (geos, days) panel given as long rows."""
    geos, count = panel.shape
    days = np.datetime64("2024-01-01") + np.arange(count)
    names = np.repeat([f"geo {i}" for i in range(geos)], count)
    chosen = [f"geo {i}" for i in treated]
    return geo_lift(np.tile(days, geos), names, panel.ravel(), chosen, days[start])


def main() -> None:
    panels = {
        "40 steady markets, half treated": (markets(40, 120, 0.08), 0.5, 28),
        "40 steady markets, a fifth treated": (markets(40, 120, 0.06), 0.2, 28),
        "40 noisy markets, half treated": (markets(40, 120, 0.3), 0.5, 28),
    }
    if (DATA / "geo").is_dir():
        real = matched_markets()
        panels["matched markets before the start"] = (lambda _: real, 0.5, 14)
    print(f"{'panel':36} {'false':>6} {'power':>6} {'cover':>6}")
    for name, (draw, share, after) in panels.items():
        one = rates(draw, share, EXPERIMENTS, after)
        print(f"{name:36} {one.false_claims:6.3f} {one.power:6.3f} {one.coverage:6.3f}")


if __name__ == "__main__":
    main()
