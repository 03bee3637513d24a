"""How much each geo changed from before a date to after, and what of it is to be expected."""

from dataclasses import dataclass

import numpy as np

from drumbeat.stats._forecast_grid import Floats, NotEnoughData
from drumbeat.stats._geo_panel import Flags

_FACTORS = 2
_GEOS_A_FACTOR = 8
_CLIP_AT = 2.0  # robust standard deviations (Huber 1964): one festival town must not decide
_ROUNDS = 3
_CLEARLY_BETTER = 0.9
_FEWEST_TO_CHOOSE = 4


@dataclass(frozen=True)
class Change:
    """Each geo's log change, its precision weight, and its loadings on shared movements."""

    log: Floats
    weight: Floats
    loadings: Floats

    def less(self, effect: float, treated: Flags) -> "Change":
        return Change(self.log - effect * treated, self.weight, self.loadings)


def usable(values: Floats, start: int) -> Flags:
    """Geos measured on at least half the dates on each side, with more than nothing to measure."""
    sides = (values[:, :start], values[:, start:])
    seen = [(~np.isnan(side)).mean(axis=1) >= 0.5 for side in sides]
    sold = [np.nansum(side, axis=1) > 0 for side in sides]
    return np.asarray(np.logical_and.reduce([*seen, *sold]))


def measure_change(values: Floats, start: int, period: int, window: int) -> Change:
    """Log ratio of each geo's mean from ``start`` on to that of the ``window`` steps before.

    The swing all geos share is taken out first, so missing cells do no harm. Weights are inverse
    variances: the geo's own noise before the start, half way drawn to what geos of its size have,
    plus the variance between geos that noise does not explain (DerSimonian & Laird 1986), so that
    neither one big city nor many tiny towns decide.
    """
    level = np.nanmean(values[:, :start], axis=1)
    relative = _without_swing(values, level)
    before, after = relative[:, :start], relative[:, start:]
    log = np.log(_mean(after)) - np.log(_mean(before[:, -window:], before))
    noise = _noise(before, level) * (1 / window + 1 / after.shape[1])
    return Change(log, 1 / (noise + _between(log, noise)), _loadings(before, period))


def _mean(relative: Floats, instead: Floats | None = None) -> Floats:
    """The mean of each geo, or that of ``instead`` where nothing was measured.

    A geo that sold nothing counts as half a usual step: that much may have been missed by chance.
    """
    seen = (~np.isnan(relative)).sum(axis=1)
    mean = np.maximum(np.nansum(relative, axis=1), 0.5) / np.maximum(seen, 1)
    if instead is not None and (seen == 0).any():
        return np.where(seen > 0, mean, _mean(instead))
    if (seen == 0).any():
        raise NotEnoughData("no geo sold anything on the dates that one of them was measured on")
    return np.asarray(mean)


def best_window(values: Floats, start: int, period: int) -> int:
    """How far back "before" should reach: far where geos are steady, near where they drift.

    Tried on an effect-free date before the start. The whole past, unless less is clearly better.
    """
    length = min(values.shape[1] - start, start // 3)
    pretended = start - length
    past = values[usable(values[:, :start], pretended), :start]
    if len(past) < _FEWEST_TO_CHOOSE:
        return start
    scores = {
        window: _spread(measure_change(past, pretended, period, window))
        for window in sorted({min(times * length, pretended) for times in (1, 2, 4)} | {pretended})
    }
    best = min(scores, key=lambda window: scores[window])
    is_clear = scores[best] < _CLEARLY_BETTER * scores[pretended]
    return min(best, start) if is_clear and best < pretended else start


def settle(seen: Change) -> tuple[Floats, float]:
    """What shared movements do not explain, outliers clipped, and the share of weight unclipped."""
    design = np.column_stack([np.ones(len(seen.log)), seen.loadings])
    unit = 1 / np.sqrt(seen.weight)
    log, inside = seen.log, np.ones(len(seen.log), dtype=bool)
    for _ in range(_ROUNDS):
        fitted = design @ np.linalg.lstsq(design / unit[:, None], log / unit, rcond=1e-6)[0]
        off = (log - fitted) / unit
        limit = _CLIP_AT * 1.4826 * float(np.median(np.abs(off)))
        inside &= np.abs(off) <= limit * (1 + 1e-9)
        log = fitted + np.clip(off, -limit, limit) * unit
    return log - fitted, max(float(seen.weight[inside].sum() / seen.weight.sum()), 0.5)


def _spread(seen: Change) -> float:
    """The variance that a split of the geos in two halves by chance would show."""
    rest, kept = settle(seen)
    return float(4 * ((seen.weight * rest) ** 2).sum() / (seen.weight.sum() * kept) ** 2)


def _without_swing(values: Floats, level: Floats) -> Floats:
    share = np.where(np.isnan(values), 0.0, level[:, None])
    swing = np.nansum(values, axis=0) / np.maximum(share.sum(axis=0), 1e-300)
    return np.asarray(values / level[:, None] / np.where(swing > 0, swing, np.nan))


def _noise(before: Floats, level: Floats) -> Floats:
    own = np.nanvar(before, axis=1)
    own = np.maximum(own, max(1e-3 * float(np.median(own)), 1e-12))
    if np.ptp(level) < 1e-9 * level.max():
        return np.asarray(own)
    slope, base = np.polyfit(np.log(level), np.log(own), 1)
    return np.asarray(np.exp((np.log(own) + base + slope * np.log(level)) / 2))


def _between(log: Floats, noise: Floats) -> float:
    weight = 1 / noise
    off = log - weight @ log / weight.sum()
    free = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((weight @ off**2 - (len(log) - 1)) / free))


def _loadings(before: Floats, period: int) -> Floats:
    """How strongly each geo follows the two main movements that not all geos share equally.

    Regions have their own seasons; geos alike in these before the start are compared with each
    other (the idea of interactive fixed effects, Bai 2009).
    """
    geos, blocks = len(before), before.shape[1] // period
    factors = min(_FACTORS, geos // _GEOS_A_FACTOR, blocks // 3)
    if factors < 1:
        return np.zeros((geos, 0))
    weeks = before[:, -blocks * period :].reshape(geos, blocks, period)
    seen = (~np.isnan(weeks)).sum(axis=2)
    moves = np.nansum(weeks, axis=2) / np.maximum(seen, 1)
    moves = np.where(seen > 0, moves - 1, 0.0)
    moves = moves - np.median(moves, axis=0)
    moves = moves - moves.mean(axis=1, keepdims=True)
    scale = moves.std(axis=1, keepdims=True) + 1e-12
    left = np.linalg.svd(np.clip(moves / scale, -3, 3), full_matrices=False)[0]
    return np.asarray(left[:, :factors] * scale)
