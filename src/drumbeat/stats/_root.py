"""Root: where a smooth function of one number crosses zero.

scipy's own root finders come with all of its optimizers, and loading those takes longer than the
handful of searches a campaign's plan needs.
"""

from collections.abc import Callable

_MOST_STEPS = 200
# How many secants in a row may leave more than half of the stretch.
_PATIENCE = 3


def root(function: Callable[[float], float], low: float, high: float, *, within: float) -> float:
    """A zero of a continuous ``function`` between ``low`` and ``high``, to about ``within``.

    False position with the weights of Anderson and Björck (1973): a secant through two points on
    either side of zero, which takes weight from the one that would stay; the middle of them where
    they do not draw together. Raises ValueError where both ends lie on the same side of zero.
    """
    at_low, at_high = function(low), function(high)
    if not at_low * at_high <= 0:
        raise ValueError(f"no zero between {low} and {high}: {at_low} and {at_high} there")
    slow = 0
    for _ in range(_MOST_STEPS):
        if at_high == 0 or abs(high - low) <= within:
            return high
        width = abs(high - low)
        share = at_high / (at_high - at_low) if slow < _PATIENCE else 0.5
        point = high - share * (high - low)
        at_point = function(point)
        if at_point * at_high < 0:
            low, at_low = high, at_high
        else:
            lost = 1 - at_point / at_high
            at_low *= lost if lost > 0 else 0.5
        high, at_high = point, at_point
        slow = slow + 1 if abs(high - low) > width / 2 else 0
    raise ValueError(f"no zero found near {high} after {_MOST_STEPS} steps")
