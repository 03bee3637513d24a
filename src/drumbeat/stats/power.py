"""Power: how many units a fixed-size comparison needs, and what a given number can find.

For comparisons read many times, see ``sequential.sample_size``.
"""

import math

from drumbeat.stats._comparison import two_sided_quantile
from drumbeat.stats._numbers import require_chance, require_numbers


def proportions_sample_size(
    baseline: float, lift: float, *, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Units *per arm* that find a relative ``lift`` (0.3 = +30 %) of a share.

    Fleiss' formula without continuity correction: pooled variance under no difference, separate
    variances under the lift.
    """
    require_numbers(baseline=baseline, lift=lift)
    other = baseline * (1 + lift)
    if not (0 < baseline < 1 and 0 < other < 1) or lift == 0:
        raise ValueError(f"no two different shares: {baseline!r} and a lift of {lift!r}")
    return math.ceil(_units(baseline, other, two_sided_quantile(alpha), _quantile(power, alpha)))


def means_sample_size(
    effect: float, variance: float, *, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Units *per arm* that find an absolute ``effect`` on a mean with ``variance`` per unit.

    Guenther's formula (1981): the normal one plus z²/4 for a variance that is estimated.
    """
    require_numbers(effect=effect, variance=variance)
    if not effect or not variance > 0:
        raise ValueError(f"no effect to find: effect {effect!r}, variance {variance!r}")
    z = two_sided_quantile(alpha)
    return math.ceil(2 * variance * ((z + _quantile(power, alpha)) / effect) ** 2 + z**2 / 4)


def proportions_minimum_lift(
    baseline: float, per_arm: int, *, alpha: float = 0.05, power: float = 0.8
) -> float | None:
    """The smallest relative lift that ``per_arm`` units find; None where even 100 % is too near."""
    from scipy.optimize import brentq

    require_numbers(baseline=baseline, per_arm=per_arm)
    if not 0 < baseline < 1 or not per_arm > 0:
        raise ValueError(f"no share or no units: {baseline!r}, {per_arm!r} an arm")
    quantiles = two_sided_quantile(alpha), _quantile(power, alpha)
    most = (1 / baseline - 1) * (1 - 1e-9)

    def shortage(lift: float) -> float:
        return _units(baseline, baseline * (1 + lift), *quantiles) - per_arm

    if shortage(most) > 0:
        return None
    return float(brentq(shortage, most * 1e-9, most, xtol=1e-12))


def means_minimum_effect(
    variance: float, per_arm: int, *, alpha: float = 0.05, power: float = 0.8
) -> float | None:
    """The smallest absolute effect on a mean that ``per_arm`` units find; None with too few."""
    z, needed = two_sided_quantile(alpha), _quantile(power, alpha)
    require_numbers(variance=variance, per_arm=per_arm)
    if not variance > 0 or per_arm < 0:
        raise ValueError(f"no variance or no units: {variance!r}, {per_arm!r} an arm")
    known = per_arm - z**2 / 4
    return (z + needed) * math.sqrt(2 * variance / known) if known > 0 else None


def _units(control: float, treatment: float, z_alpha: float, z_power: float) -> float:
    middle = (control + treatment) / 2
    wanted = z_alpha * math.sqrt(2 * middle * (1 - middle))
    wanted += z_power * math.sqrt(control * (1 - control) + treatment * (1 - treatment))
    return (wanted / (treatment - control)) ** 2


def _quantile(power: float, alpha: float) -> float:
    from scipy.special import ndtri

    require_chance(alpha=alpha, power=power)
    if power <= alpha:
        raise ValueError(f"power is a chance between alpha and 1, got {power!r}")
    return float(ndtri(power))
