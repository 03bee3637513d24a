"""How often `fit_curves` is right, and how often it says "not identified", on made histories.

Run: `.venv/bin/python -m benchmarks.allocation`. In half of the kinds spend was randomized and a
curve can be known: told is how far its slope is off, and how often the 95 % range holds it. In the
others spend follows demand, the calendar or nothing, and every fitted curve would be a guess.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from drumbeat.stats.allocation import ChannelHistory, FittedCurve, Reason, fit_curves
from drumbeat.stats.response import Curve, Hill, adstock, values

SEEDS = 40
_DAYS = 300

HISTORIES: dict[str, Reason | None] = {
    "concave": None,
    "s-shaped": None,
    "lingering": None,
    "nothing without spend": None,
    "set in steps": None,
    "flights that linger": None,
    "demand jumps": None,
    "spend follows demand": Reason.SPEND_FOLLOWS_DEMAND,
    "spend follows yesterday": Reason.SPEND_FOLLOWS_DEMAND,
    "spend shadows demand": Reason.SPEND_MAY_FOLLOW_DEMAND,
    "spend is a share of sales": Reason.SPEND_FOLLOWS_DEMAND,
    "spend follows the week": Reason.SPEND_FOLLOWS_CALENDAR,
    "spend hardly moves": Reason.TOO_LITTLE_VARIATION,
    "spend does nothing": Reason.NO_EFFECT_SEEN,
}


@dataclass(frozen=True)
class Made:
    """A made history of one channel, and its true curve where there is one."""

    days: list[date]
    spend: np.ndarray
    response: np.ndarray
    truth: Curve | None


def made(kind: str, seed: int) -> Made:
    """A history of a kind, the same for the same seed."""
    chance = np.random.default_rng(seed)
    demand, noise = _demand(chance), chance.normal(0, 15, _DAYS)
    free, jitter = chance.uniform(10, 250, _DAYS), np.exp(chance.normal(0, 0.1, _DAYS))
    if HISTORIES[kind] is None:
        return _randomized(kind, free, demand, noise)
    base = 500 * demand
    match kind:
        case "spend follows demand":
            spend = 100 * demand * jitter
        case "spend follows yesterday":
            spend = 100 * np.roll(demand, 1) * jitter
        case "spend shadows demand":
            moves = _shocks(chance, 1.0)
            spend = 100 + 25 * moves + chance.normal(0, 3, _DAYS)
            return _told(np.maximum(spend, 5), 1000 + 100 * moves + 2 * noise, None)
        case "spend is a share of sales":
            return _told(0.1 * (base + noise) * jitter, base + noise, None)
        case "spend follows the week":
            spend = 100 * np.exp(2 * _week()) * np.exp(chance.normal(0, 0.02, _DAYS))
        case "spend hardly moves":
            spend = 100 + chance.normal(0, 2, _DAYS)
        case _:
            return _told(free, base + noise, None)
    return _told(spend, base + values(Hill(300, 100, 1.0), spend) + noise, None)


def _randomized(kind: str, free: np.ndarray, demand: np.ndarray, noise: np.ndarray) -> Made:
    curve = Hill(300, 100, {"s-shaped": 2.5, "nothing without spend": 2.0}.get(kind, 1.0))
    match kind:
        case "lingering":
            return _told(free, 200 + values(curve, adstock(free, 0.5)) + noise, curve)
        case "nothing without spend":
            return _told(free, 5 + values(curve, free) + noise / 3, curve)
        case "set in steps":
            spend = np.repeat(free[: _DAYS // 3], 3)
            return _told(spend, 200 + values(curve, spend) + noise, curve)
        case "flights that linger":
            spend = free * np.repeat(free[: _DAYS // 4] > 150, 4)
            return _told(spend, 500 + values(curve, adstock(spend, 0.6)) + noise, curve)
        case "demand jumps":
            base = np.where(np.arange(_DAYS) < _DAYS // 2, 500, 750)
            return _told(free, base + values(curve, free) + noise, curve)
        case _:
            return _told(free, 200 * demand**0.3 + values(curve, free) + noise, curve)


def _told(spend: np.ndarray, response: np.ndarray, truth: Curve | None) -> Made:
    days = [date(2024, 1, 1) + timedelta(days=i) for i in range(len(spend))]
    return Made(days, spend, response, truth)


def _week() -> np.ndarray:
    return np.tile([0.0, 0.0, 0.05, 0.1, 0.2, 0.3, 0.1], _DAYS // 7 + 1)[:_DAYS]


def _demand(chance: np.random.Generator) -> np.ndarray:
    """A weekly rhythm, a yearly season and shocks that linger."""
    shocks = _shocks(chance, 0.2)
    season = 0.2 * np.sin(2 * np.pi * np.arange(_DAYS) / 365.25)
    return np.asarray(np.exp(shocks + season + _week()))


def _shocks(chance: np.random.Generator, spread: float) -> np.ndarray:
    """What lasts from one day to the next, and fades."""
    shocks = np.zeros(_DAYS)
    for day in range(1, _DAYS):
        shocks[day] = 0.8 * shocks[day - 1] + 0.6 * chance.normal(0, spread)
    return shocks


def main() -> None:
    for kind in HISTORIES:
        answers: Counter[str] = Counter()
        off, inside = [], []
        for seed in range(SEEDS):
            history = made(kind, seed)
            channel = ChannelHistory(history.days, history.spend, history.response)
            found = fit_curves({"ads": channel})["ads"]
            answers["curve" if isinstance(found, FittedCurve) else found.reason.value] += 1
            if isinstance(found, FittedCurve) and history.truth is not None:
                usual = float(history.spend.mean())
                truth = history.truth.marginal(usual)
                off.append(abs(found.curve.marginal(usual) / truth - 1))
                inside.append(found.marginal_low <= truth <= found.marginal_high)
        error = f"slope off by {np.mean(off):.0%}, inside {np.mean(inside):.0%}" if off else ""
        print(f"{kind:28} {dict(answers)} {error}")


if __name__ == "__main__":
    main()
