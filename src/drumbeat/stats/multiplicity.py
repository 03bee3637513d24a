"""Multiplicity: p-values adjusted for how many questions were asked at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._numbers import as_column

Array = NDArray[np.float64]


def holm(p_values: Sequence[float] | Array) -> Array:
    """Adjusted p-values that keep the chance of *any* false finding (Holm 1979).

    In the order given; compare each with alpha. Any dependence between the questions is allowed.
    """
    ranked, order = _ranked(p_values)
    remaining = np.arange(len(ranked), 0, -1)
    return _restored(np.maximum.accumulate(ranked * remaining), order)


def benjamini_hochberg(p_values: Sequence[float] | Array) -> Array:
    """Adjusted p-values that keep the *share* of false findings (Benjamini and Hochberg 1995).

    In the order given; for questions that are independent or positively related.
    """
    ranked, order = _ranked(p_values)
    scaled = ranked * len(ranked) / np.arange(1, len(ranked) + 1)
    return _restored(np.minimum.accumulate(scaled[::-1])[::-1], order)


def _ranked(p_values: Sequence[float] | Array) -> tuple[Array, NDArray[np.intp]]:
    values = as_column(p_values, "p-values")
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"p-values are a list of numbers from 0 to 1, got {p_values!r}")
    order = np.argsort(values, kind="stable")
    return values[order], order


def _restored(adjusted: Array, order: NDArray[np.intp]) -> Array:
    original = np.empty_like(adjusted)
    original[order] = np.minimum(adjusted, 1.0)
    return original
