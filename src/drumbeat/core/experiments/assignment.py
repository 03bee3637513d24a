"""Assignment: which arm a unit belongs to, computed from its name and nothing else.

No list is kept and none is needed: the same unit, salt and shares give the same arm on every
machine, before and after a crash. Being assigned is not being shown anything; that is exposure.
"""

import hashlib
import math
from collections.abc import Mapping

from drumbeat.core.noun import Noun

_POINTS = 2**53


class Assignment(Noun):
    """A unit's arm in an experiment."""

    experiment: str
    unit: str
    arm: str


def arm_of(unit: str, salt: str, shares: Mapping[str, float]) -> str:
    """The arm of a unit: its hash, a point in [0, 1), falls into one arm's stretch.

    ``salt`` names the experiment, so that experiments split people independently of each other.
    Raises ValueError for an empty unit, and for shares that are negative or do not add up to 1.
    """
    if not unit or not salt:
        raise ValueError(f"assignment needs a unit and a salt, got {unit!r} and {salt!r}")
    if not shares or not all(share >= 0 for share in shares.values()):
        raise ValueError(f"shares cannot be negative, got {dict(shares)}")
    if not math.isclose(math.fsum(shares.values()), 1, abs_tol=1e-9):
        raise ValueError(f"shares must add up to 1, got {dict(shares)}")
    place, passed = point_of(unit, salt), 0.0
    for arm, share in shares.items():
        passed += share
        if place < passed:
            return arm
    return [arm for arm, share in shares.items() if share > 0][-1]


def arm_of_week(week: int, salt: str, arms: tuple[str, str]) -> str:
    """The arm of a whole week, weeks counted in a row: of every two, one each, in the order the
    hash says. A coin a week could give one arm a whole month."""
    pair, second = divmod(week, 2)
    order = arms if point_of(f"weeks-{pair}", salt) < 0.5 else arms[::-1]
    return order[second]


def point_of(unit: str, salt: str) -> float:
    """Where in [0, 1) the unit falls: the first 53 bits of SHA-256 of salt and unit, which is
    what a float holds exactly.

    The length of the salt goes in too, so that ("ab", "c") and ("a", "bc") are two things.
    """
    content = f"{len(salt)}:{salt}:{unit}".encode()
    return (int.from_bytes(hashlib.sha256(content).digest()[:8], "big") >> 11) / _POINTS
