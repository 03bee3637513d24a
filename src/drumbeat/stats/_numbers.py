"""What counts as a number where people pass whatever their file held."""

from math import isfinite
from numbers import Real


def is_number(value: object) -> bool:
    """A finite real number: no text, no NaN, no None."""
    return isinstance(value, Real) and isfinite(value)
