"""What counts as a number or a column of them where people pass whatever their file held."""

import math
from numbers import Real
from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Nothing that is counted is larger, and its square is still a float.
MOST = 1e100
# How many times the usual value of a column another may be: beyond it, units were mixed.
_APART = 1e12


def is_number(value: object) -> bool:
    """A finite real number: no text, no NaN, no None."""
    try:
        return isinstance(value, Real) and math.isfinite(value)
    except OverflowError:  # a whole number too large for any float
        return False


def require_numbers(**named: Any) -> None:
    """Raises ValueError with the first name whose value is no number within ±1e100."""
    for name, value in named.items():
        if not is_number(value) or abs(float(value)) > MOST:
            raise ValueError(f"{name} must be a finite number, got {shortened(value)}")


def require_chance(**named: Any) -> None:
    """Raises ValueError with the first name whose value is no chance between 0 and 1."""
    for name, value in named.items():
        if not is_number(value) or not 0 < value < 1:
            raise ValueError(f"{name} is a chance between 0 and 1, got {shortened(value)}")


def require_kind(kind: type, **named: object) -> None:
    """Raises ValueError with the first name whose value is of another kind."""
    for name, value in named.items():
        if not isinstance(value, kind):
            raise ValueError(f"{name} must be a {kind.__name__}, got {shortened(value)}")


def as_column(values: Any, what: str) -> "NDArray[np.float64]":
    """``values`` as one column of finite numbers. Raises ValueError that says ``what`` is none."""
    import numpy as np

    array = as_array(values, what)
    if array.ndim != 1:
        raise ValueError(f"{what} must be one column of numbers, got {shortened(values)}")
    bad = np.flatnonzero(~(np.abs(array) <= MOST))
    if len(bad):
        raise ValueError(
            f"{what}: entry {int(bad[0])} is {array[bad[0]]:g}; finite numbers are needed"
        )
    return array


def as_array(values: Any, what: str) -> "NDArray[np.float64]":
    """``values`` as an array of numbers, those masked or None as NaN."""
    import numpy as np

    try:
        if isinstance(values, np.ma.MaskedArray):
            values = np.ma.filled(values.astype(float), math.nan)
        if not np.iscomplexobj(values):
            return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{what} must be numbers, got {shortened(values)}")


def on_one_scale(column: "NDArray[np.float64]", what: str) -> "NDArray[np.float64]":
    """The column with crumbs of rounding taken for zero. Raises ValueError where a value is a
    million million times the usual (the median of what is not zero): nothing counted is so uneven,
    and sums of it are no numbers. NaN stays."""
    import numpy as np

    sizes = np.abs(column[np.isfinite(column) & (column != 0)])
    if not len(sizes):
        return column
    usual = float(np.median(sizes))
    if usual < 1 / MOST:
        raise ValueError(f"{what}: {usual:g} is usual, smaller than anything that is counted")
    if sizes.max() / _APART > usual:
        at = int(np.nanargmax(np.abs(column)))
        raise ValueError(
            f"{what}: entry {at} is {column[at]:g} where {usual:g} is usual: are units mixed?"
        )
    return np.where(np.abs(column) < usual / _APART, 0.0, column)


def is_missing(value: Any) -> bool:
    """Whether it is None, NaN, or what data frames put for a date or a number that is not there."""
    try:
        return value is None or bool(value != value)
    except (TypeError, ValueError):  # NA says of nothing whether it is equal
        return str(value) == "<NA>"


def as_list(values: Any, what: str) -> list[Any]:
    """The entries of ``values``, the rows of a table. Raises ValueError where it has none to give,
    as text has not."""
    try:
        if getattr(values, "ndim", 1) > 1:  # a data frame would give its column names
            import numpy as np

            return list(np.asarray(values))
        if not isinstance(values, str | bytes):
            return list(values)
    except TypeError:
        pass
    raise ValueError(f"{what} must be a list, got {shortened(values)}")
