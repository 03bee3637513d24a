"""Power of `geo_lift` on panels where a plain difference in differences has 78 %.

Run: `.venv/bin/python -m benchmarks.lift_level`. How often +2 % is shown says as much about a
panel's noise as about the method. So the noise of each made-up panel is set until Welch's test of
the geos' log changes shows the lift in 78 % of experiments; on the real panels, whose noise is
what it is, the lift is raised instead. Beside the power stands how often a lift of 0 % is claimed,
and beside both methods the regression on time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.kpi_series import DATA
from benchmarks.lift import (
    Panel,
    Rates,
    cities,
    experiments,
    markets,
    matched_markets,
    plain,
    rates,
)

Draw = Callable[[np.random.Generator], Panel]

LEVEL = 0.78
LIFT = 0.02
TRIES = 200
HALVINGS = 11
EXPERIMENTS = 300


@dataclass(frozen=True)
class Setting:
    """Panels with more or less noise, and the design of a test."""

    draw: Callable[[float], Draw]
    share: float = 0.5
    after: int = 28


def lasting(geos: int, days: int, kept: float, noise: float) -> Draw:
    """Markets whose noise is kept by a share from one day to the next (autoregressive)."""

    def draw(chance: np.random.Generator) -> Panel:
        noises = chance.normal(0, noise, (geos, days))
        for day in range(1, days):
            noises[:, day] = kept * noises[:, day - 1] + noises[:, day] * np.sqrt(1 - kept**2)
        return _sizes(chance, geos) * np.exp(noises)

    return draw


def wandering(geos: int, days: int, noise: float) -> Draw:
    """Markets that each wander off by themselves (random walks), with 3 % of daily noise."""

    def draw(chance: np.random.Generator) -> Panel:
        walks = np.cumsum(chance.normal(0, noise / 15, (geos, days)), axis=1)
        return _sizes(chance, geos) * np.exp(walks + chance.normal(0, 0.03, (geos, days)))

    return draw


def moving_together(geos: int, days: int, noise: float) -> Draw:
    """Markets that follow two shared movements, each as much as it does."""

    def draw(chance: np.random.Generator) -> Panel:
        paths = np.cumsum(chance.normal(0, noise / 8, (2, days)), axis=1)
        follows = chance.normal(0, 1, (geos, 2))
        noises = chance.normal(0, noise / 3, (geos, days))
        return _sizes(chance, geos) * np.exp(follows @ paths + noises)

    return draw


def always(panel: Panel) -> Draw:
    """One panel, whatever chance says."""
    return lambda _: panel


def _sizes(chance: np.random.Generator, geos: int) -> Panel:
    return np.exp(chance.normal(8, 1, geos))[:, None]


def settings() -> dict[str, Setting]:
    found = {
        f"{geos} steady markets, {share:.0%} treated, {after} of {days} days": Setting(
            partial(markets, geos, days), share, after
        )
        for geos in (12, 40, 100)
        for share in (0.5, 0.25)
        for days, after in ((60, 14), (120, 28))
    }
    for geos in (20, 40):
        for kept in (0.5, 0.9):
            name = f"{geos} markets, noise that lasts ({kept})"
            found[name] = Setting(partial(lasting, geos, 120, kept))
        found[f"{geos} wandering markets"] = Setting(partial(wandering, geos, 120))
        found[f"{geos} markets that move together"] = Setting(partial(moving_together, geos, 120))
    return found


def noise_at_level(setting: Setting) -> float:
    """The noise at which the plain difference shows the lift as often as `LEVEL` says."""
    low, high = 0.001, 3.0
    for _ in range(HALVINGS):
        noise = float(np.sqrt(low * high))
        shows = _plain_power(setting.draw(noise), setting.share, setting.after, LIFT)
        low, high = (noise, high) if shows > LEVEL else (low, noise)
    return float(np.sqrt(low * high))


def lift_at_level(panel: Panel, share: float, after: int) -> float:
    """The lift that the plain difference shows on this panel as often as `LEVEL` says."""
    low, high = 0.005, 1.0
    for _ in range(HALVINGS):
        lift = float(np.sqrt(low * high))
        shows = _plain_power(always(panel), share, after, lift)
        low, high = (low, lift) if shows > LEVEL else (lift, high)
    return float(np.sqrt(low * high))


def _plain_power(draw: Draw, share: float, after: int, lift: float) -> float:
    drawn = experiments(draw, share, TRIES, after, lift)
    return float(np.mean([plain(panel, treated, start) > 0 for _, panel, treated, start in drawn]))


def _print(name: str, made: str, one: Rates) -> None:
    print(f"{name:46} {made:>8} {one.false_claims:6.3f} {one.power:6.3f}", end="")
    print(f" {one.plain_false:6.3f} {one.plain_power:6.3f}", end="")
    print(f" {one.regression_false:6.3f} {one.regression_power:6.3f}", flush=True)


def main() -> None:
    print(f"{'':46} {'noise or':>8} {'geo_lift':^13} {'plain':^13} {'regression':^13}")
    print(f"{'panel':46} {'lift':>8}" + f" {'false':>6} {'power':>6}" * 3)
    powers = []
    for name, setting in settings().items():
        noise = noise_at_level(setting)
        one = rates(setting.draw(noise), setting.share, EXPERIMENTS, setting.after, LIFT)
        powers.append(one.power)
        _print(name, f"{noise:.3f}", one)
    print(f"{'mean':46} {'':8} {'':6} {np.mean(powers):6.3f}")
    if (DATA / "geo").is_dir():
        sold, sales = cities(), matched_markets()
        real = {"40 cities": (sold, (14, 28)), "100 matched markets": (sales, (14,))}
        for name, (panel, weeks) in real.items():
            for after in weeks:
                lift = lift_at_level(panel, 0.5, after)
                one = rates(always(panel), 0.5, EXPERIMENTS, after, lift)
                _print(f"{name}, half treated, {after} days", f"{lift:+.1%}", one)


if __name__ == "__main__":
    main()
