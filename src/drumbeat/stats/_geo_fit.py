"""What predictors explain of the geos' changes: no more than the changes themselves bear out."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._geo_change import Change

_CLIP_AT = 2.0  # robust standard deviations (Huber 1964): one festival town must not decide
_ROUNDS = 3
# Variances of a group's coefficients, in units of the noise: from useless to as good as free.
_STRENGTHS = (0.0, 0.3, 1.0, 10.0, 100.0, 1000.0)


@dataclass(frozen=True)
class Fit:
    """Changes in units of their noise, around what all geos share, outliers clipped.

    Their covariance is the identity plus ``explained`` times its transpose; ``unit`` turns
    changes into units of noise, and ``kept`` is the share of weight that was not clipped.
    """

    changes: Floats
    unit: Floats
    explained: Floats
    kept: float

    def pull(self, labels: Floats) -> tuple[Floats, Floats]:
        """By generalized least squares, for each row of labels (deals, geos) of 0 and 1: the
        pull on their effect and its mass. The effect is pull / mass, its variance 1 / mass."""
        # einsum and not @: a product this size would be spread over threads that others hold.
        base = self.unit / np.linalg.norm(self.unit)
        arms = labels * self.unit
        arms = arms - np.einsum("dg,g->d", arms, base)[:, None] * base
        pull = np.einsum("dg,g->d", arms, self.changes)
        mass = np.einsum("dg,dg->d", arms, arms)
        shared = np.einsum("dg,gk->dk", arms, self.explained)
        less = np.linalg.inv(_plus_one(self.explained.T @ self.explained))
        pull = pull - np.einsum("dk,k->d", shared, less @ (self.explained.T @ self.changes))
        mass = mass - np.einsum("dk,kl,dl->d", shared, less, shared)
        return pull, np.maximum(mass, 1e-12 * float(self.unit @ self.unit))

    @property
    def variation(self) -> float:
        """The sum of squares that is left, in units of noise."""
        along = self.explained.T @ self.changes
        less = np.linalg.solve(_plus_one(self.explained.T @ self.explained), along)
        return float(self.changes @ self.changes - along @ less)

    @property
    def freedom(self) -> float:
        """How many coefficients the predictors are worth (the trace of their hat matrix)."""
        square = self.explained.T @ self.explained
        return float(np.trace(np.linalg.solve(_plus_one(square), square)))


def fit(seen: Change) -> Fit:
    """Empirical Bayes ridge regression, each group of predictors with the strength that makes the
    changes likeliest (MacKay 1992), and Huber's pseudo-values for geos that are far off."""
    unit = np.sqrt(seen.weight)
    base = unit / np.linalg.norm(unit)
    columns, group = _unit_columns(seen.predictors, unit, base)
    changes = seen.log * unit
    changes = changes - np.median(seen.log) * unit
    inside = np.ones(len(unit), dtype=bool)
    explained = columns[:, :0]
    for _ in range(_ROUNDS):
        common = base * (base @ changes)
        explained = _likeliest(changes - common, columns, group)
        rest = changes - common
        less = np.linalg.solve(_plus_one(explained.T @ explained), explained.T @ rest)
        fitted = common + explained @ less
        off = changes - fitted
        limit = _CLIP_AT * 1.4826 * float(np.median(np.abs(off)))
        inside &= np.abs(off) <= limit * (1 + 1e-9)
        changes = fitted + np.clip(off, -limit, limit)
    kept = max(float(seen.weight[inside].sum() / seen.weight.sum()), 0.5)
    return Fit(changes - base * (base @ changes), unit, explained, kept)


def _unit_columns(
    groups: tuple[Floats, ...], unit: Floats, base: Floats
) -> tuple[Floats, np.ndarray]:
    """The predictors in units of noise and of length 1, and which group each belongs to."""
    used = [columns for columns in groups if columns.shape[1]]
    if not used:
        return np.zeros((len(unit), 0)), np.zeros(0, dtype=int)
    columns = np.hstack(used) * unit[:, None]
    columns = columns - np.outer(base, base @ columns)
    length = np.sqrt((columns**2).sum(axis=0))
    group = np.repeat(np.arange(len(used)), [one.shape[1] for one in used])
    return columns / np.maximum(length, 1e-9 * np.linalg.norm(unit)), group


def _likeliest(rest: Floats, columns: Floats, group: np.ndarray) -> Floats:
    """The columns times the standard deviation of their coefficients that is likeliest."""
    if not len(group):
        return columns
    tried = np.array(list(product(_STRENGTHS, repeat=int(group.max()) + 1)))
    scale = np.sqrt(tried)[:, group]
    square, along = columns.T @ columns, columns.T @ rest
    inner = np.eye(len(group)) + scale[:, :, None] * square * scale[:, None, :]
    reach = scale * along
    gone = (reach * np.linalg.solve(inner, reach[:, :, None])[:, :, 0]).sum(axis=1)
    left = np.maximum(rest @ rest - gone, 1e-12 * max(float(rest @ rest), 1e-300))
    likelihood = -np.linalg.slogdet(inner)[1] - (len(rest) - 1) * np.log(left)
    return np.asarray(columns * scale[int(np.argmax(likelihood))])


def _plus_one(square: Floats) -> Floats:
    return np.asarray(np.eye(len(square)) + square)
