"""What a geo's habits say about its coming change: shared movements, own drift, weekdays."""

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._geo_panel import Flags

_FACTORS = 3
_GEOS_A_COLUMN = 8
# With fewer geos a column fits their noise more often than their habits.
_FEWEST_GEOS = 12
_FEWEST_BLOCKS = 3
_FURTHEST = 0.5  # one closed shop is no habit of a city


def predictors(
    relative: Floats, treated: Flags, start: int, period: int
) -> tuple[Floats, Floats, Floats]:
    """Groups of columns, a row a geo, that may foretell the geos' changes; any may be empty.

    ``relative`` is (geos, steps) around 1 with the swing that all geos share taken out.
    """
    before, after = relative[:, :start], relative[:, start:]
    return (
        _movements(before, after, treated, period),
        _drift(before, period),
        _weekdays(before, after.shape[1], period),
    )


def _affordable(geos: int) -> int:
    """How many columns of a kind so many geos can tell from noise."""
    return geos // _GEOS_A_COLUMN if geos >= _FEWEST_GEOS else 0


def _movements(before: Floats, after: Floats, treated: Flags, period: int) -> Floats:
    """How strongly each geo follows the main movements that not all geos share equally.

    Geos alike in these are compared with each other (interactive fixed effects, Bai 2009). What
    moves after the start counts within the arms and off each geo's own straight line alone, so
    that neither the effect nor its growth over the weeks can pass for a movement.
    """
    past = _moves(_blocks(before, period, last=True))
    factors = min(_FACTORS, _affordable(len(past)), past.shape[1] // _FEWEST_BLOCKS)
    if factors < 1:
        return np.zeros((len(past), 0))
    scale = past.std(axis=1, keepdims=True) + 1e-12
    since_then = _off_line(_moves(_blocks(after, period, last=False)))
    moves = np.clip(np.hstack([past, since_then]) / scale, -3, 3)
    shared, since = moves.copy(), past.shape[1]
    for arm in (treated, ~treated):
        shared[arm, since:] -= shared[arm, since:].mean(axis=0)
    paths = np.linalg.svd(shared, full_matrices=False)[2][:factors]
    return np.asarray(np.einsum("gt,ft->gf", moves, paths) * scale)


def _blocks(relative: Floats, period: int, *, last: bool) -> Floats:
    """Each geo's means of whole blocks (weeks of daily values), the last or the first that fit."""
    geos, blocks = len(relative), relative.shape[1] // period
    steps = blocks * period
    whole = relative[:, relative.shape[1] - steps :] if last else relative[:, :steps]
    return _mean_or(whole.reshape(geos, blocks, period), 1.0, axis=2)


def _moves(blocks: Floats) -> Floats:
    """Blocks less the usual geo's, around each geo's own mean."""
    if not blocks.shape[1]:
        return blocks
    moves = blocks - np.median(blocks, axis=0)
    return np.asarray(moves - moves.mean(axis=1, keepdims=True))


def _off_line(moves: Floats) -> Floats:
    """Moves less each geo's own straight line; fewer than three blocks are all line."""
    if moves.shape[1] < 3:
        return moves[:, :0]
    time = np.linspace(-1, 1, moves.shape[1])
    return np.asarray(moves - np.outer(moves @ time / (time @ time), time))


def _drift(before: Floats, period: int) -> Floats:
    """The last week and the last month beside the whole past, and the slope of the past."""
    geos, steps = before.shape
    usual = _mean_or(before, 1.0, axis=1)
    last = [
        _mean_or(before[:, -min(width, steps) :], 1.0, axis=1) - usual
        for width in (max(period, 2), min(4 * period, steps // 2))
    ]
    time = np.linspace(-1, 1, steps)
    off = np.where(np.isnan(before), 0.0, before - usual[:, None])
    slope = np.einsum("gt,t->g", off, time) / np.einsum("t,t->", time, time)
    columns = np.clip(np.stack([*last, slope], axis=1), -_FURTHEST, _FURTHEST)
    return np.asarray(columns[:, : _affordable(geos)])


def _weekdays(before: Floats, after: int, period: int) -> Floats:
    """What the weekdays left over from whole weeks are worth in each geo."""
    geos, weeks = len(before), before.shape[1] // period
    if period == 1 or after % period == 0 or weeks < _FEWEST_BLOCKS or geos < _FEWEST_GEOS:
        return np.zeros((geos, 0))
    whole = before[:, before.shape[1] - weeks * period :]
    profile = _mean_or(whole.reshape(geos, weeks, period), 1.0, axis=1)
    profile = profile - profile.mean(axis=1, keepdims=True)
    return np.asarray(profile[:, np.arange(after) % period].mean(axis=1, keepdims=True))


def _mean_or(values: Floats, instead: float, axis: int) -> Floats:
    seen = (~np.isnan(values)).sum(axis=axis)
    mean = np.nansum(values, axis=axis) / np.maximum(seen, 1)
    return np.where(seen > 0, mean, instead)
