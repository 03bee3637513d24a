"""False claims and power of `drumbeat.stats.incrementality.geo_lift` on pretended experiments.

Run: `.venv/bin/python -m benchmarks.lift`. Geos and start dates are drawn at random; a lift of
0 % and of +2 % is injected; counted is how often a claim follows. Beside it stand two usual
methods: a plain difference in differences (Welch's test of the geos' log changes) and regression
on time (the treated total predicted from the untreated one). Panels: simulated steady, drifting
and noisy markets, and, where the data folder is beside the checkout, three daily panels of sales
by city on dates when nothing ran.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.kpi_series import DATA
from benchmarks.rdata import read_frame
from drumbeat.stats import means
from drumbeat.stats.incrementality import Lift, geo_lift

Panel = np.ndarray
EXPERIMENTS = 150
LIFT = 0.02


@dataclass(frozen=True)
class Rates:
    """Shares of experiments: claims at 0 % and right claims at +2 %, by each method."""

    false_claims: float
    power: float
    coverage: float
    plain_false: float
    plain_power: float
    regression_false: float
    regression_power: float


def markets(geos: int, days: int, noise: float) -> Callable[[np.random.Generator], Panel]:
    """Markets of log-normal sizes, a weekly rhythm, a shared season and independent daily noise."""

    def draw(chance: np.random.Generator) -> Panel:
        size = np.exp(chance.normal(8, 1, geos))[:, None]
        week = 1 + 0.2 * np.sin(np.arange(days) * 2 * np.pi / 7)
        season = 1 + 0.3 * np.sin(np.arange(days) / 30)
        return np.asarray(size * week * season * np.exp(chance.normal(0, noise, (geos, days))))

    return draw


def drifting(geos: int, days: int) -> Callable[[np.random.Generator], Panel]:
    """Steady markets that each grow or shrink at their own pace."""
    steady = markets(geos, days, 0.05)

    def draw(chance: np.random.Generator) -> Panel:
        pace = chance.normal(0, 0.0006, (geos, 1))
        return np.asarray(steady(chance) * np.exp(pace * np.arange(days)))

    return draw


def cities() -> Panel:
    """Sales of 40 cities on 90 days on which nothing was tried."""
    frame = read_frame(DATA / "geo" / "GeoLift_PreTest.rda")
    names, places = np.unique(frame["location"], return_inverse=True)
    dates, steps = np.unique(frame["date"], return_inverse=True)
    panel = np.full((len(names), len(dates)), np.nan)
    panel[places, steps] = frame["Y"]
    return panel


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
    draw: Callable[[np.random.Generator], Panel],
    share: float,
    count: int,
    after: int = 28,
    lift: float = LIFT,
) -> Rates:
    """Over ``count`` draws of the start and of the treated ``share`` of geos."""
    counted = [
        (
            null.verdict != "not proven",
            lifted.verdict == "lift",
            lifted.low <= lift <= lifted.high,
            plain(without, treated, start) != 0,
            plain(panel, treated, start) > 0,
            regression(without, treated, start) != 0,
            regression(panel, treated, start) > 0,
        )
        for without, panel, treated, start in experiments(draw, share, count, after, lift)
        for null, lifted in [(measure(without, treated, start), measure(panel, treated, start))]
    ]
    return Rates(*np.mean(counted, axis=0))


def experiments(
    draw: Callable[[np.random.Generator], Panel], share: float, count: int, after: int, lift: float
) -> Iterator[tuple[Panel, Panel, np.ndarray, int]]:
    """Panels without and with a lift of the treated geos, these geos, and the step it starts at."""
    chance = np.random.default_rng(4)
    for _ in range(count):
        panel = draw(chance)
        geos, days = panel.shape
        start = int(chance.integers(days // 2, days - min(after, days // 3) + 1))
        panel = panel[:, : start + after]
        treated = chance.choice(geos, max(1, round(geos * share)), replace=False)
        lifted = panel.copy()
        lifted[treated, start:] *= 1 + lift
        yield panel, lifted, treated, start


def plain(panel: Panel, treated: np.ndarray, start: int) -> int:
    """The sign of a claim by Welch's test of the log changes, 0 without one."""
    with np.errstate(divide="ignore"):
        change = np.log(np.nanmean(panel[:, start:], axis=1))
        change -= np.log(np.nanmean(panel[:, :start], axis=1))
    inside = np.isin(np.arange(len(panel)), treated)
    control, treatment = (
        means.Summary.sample(change[arm & np.isfinite(change)]) for arm in (~inside, inside)
    )
    found = means.compare(control, treatment)
    return int(np.sign(found.effect)) if found.p_value <= 0.05 else 0


def regression(panel: Panel, treated: np.ndarray, start: int) -> int:
    """The sign of a claim by the days' regression of treated on untreated sales (Kerman 2017)."""
    inside = np.isin(np.arange(len(panel)), treated)
    y, x = np.nansum(panel[inside], axis=0), np.nansum(panel[~inside], axis=0)
    slope, base = np.polyfit(x[:start], y[:start], 1)
    rest = y - base - slope * x
    noise = rest[:start].var(ddof=2)
    pull = (x[start:].mean() - x[:start].mean()) ** 2 / (start * x[:start].var())
    error = np.sqrt(noise * (1 / start + 1 / len(rest[start:]) + pull))
    gap = rest[start:].mean()
    return int(np.sign(gap)) if abs(gap) > 1.96 * error else 0


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
        "40 drifting markets, half treated": (drifting(40, 120), 0.5, 28),
        "40 noisy markets, half treated": (markets(40, 120, 0.3), 0.5, 28),
    }
    if (DATA / "geo").is_dir():
        sold, sales = cities(), matched_markets()
        panels["40 cities, half treated, 2 weeks"] = (lambda _: sold, 0.5, 14)
        panels["40 cities, half treated, 4 weeks"] = (lambda _: sold, 0.5, 28)
        panels["100 matched markets, 2 weeks"] = (lambda _: sales, 0.5, 14)
    print(f"{'':36} {'geo_lift':^20} {'plain':^13} {'regression':^13}")
    print(
        f"{'panel':36} {'false':>6} {'power':>6} {'cover':>6}" + f" {'false':>6} {'power':>6}" * 2
    )
    for name, (draw, share, after) in panels.items():
        one = rates(draw, share, EXPERIMENTS, after)
        print(f"{name:36} " + " ".join(f"{value:6.3f}" for value in vars(one).values()), flush=True)


if __name__ == "__main__":
    main()
