"""Chance: random numbers that belong to a place and a time, never to the order of asking.

Each number is a hash of (seed, stream, unit, tick). Asking twice, in another order or for more
units at once gives the same numbers, so a market replays exactly, and two runs that differ in
one order share the luck of everything that order did not touch.
"""

import hashlib
import math
from functools import lru_cache

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Hashes, Ints

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
# Means whose counts are drawn exactly; above them from their normal limit. Most are far below one,
# and need few of the steps that the others do.
_BY_INVERSION = ((0.0, 0.5), (0.5, 16.0))
_STEPS = np.arange(48)
_LANES = (np.arange(16, dtype=np.uint64) * _GOLDEN)[:, None]
_LOG_FACTORIAL = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, 48)))))
_WINITZKI = 0.147


class Chance:
    """All the luck of one market, named by its ``seed``."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, stream: str, units: Ints | Hashes, tick: int | Ints = 0) -> Floats:
        """Numbers in (0, 1), one for each unit (or for each tick, or for each pair of them)."""
        return _unit_interval(_mix(self._place(stream, units, tick)))

    def lanes(self, stream: str, units: Hashes, tick: int | Ints, count: int) -> Floats:
        """``count`` independent numbers for each unit at once, one lane a row.

        Units and ticks of two dimensions give such a table for each of their rows.
        """
        place = self._place(stream, units, tick)
        return _unit_interval(_mix(place[..., None, :] + _LANES[:count]))

    def normal(self, stream: str, units: Ints | Hashes, tick: int | Ints = 0) -> Floats:
        """Standard normal numbers, one for each unit."""
        return quantile(self.uniform(stream, units, tick))

    def count(self, stream: str, units: Ints | Hashes, tick: int | Ints, mean: Floats) -> Ints:
        """Poisson counts with these means; a larger mean never gives a smaller count."""
        return poisson(self.uniform(stream, units, tick), mean)

    def _place(self, stream: str, units: Ints | Hashes, tick: int | Ints) -> Hashes:
        mixed = _mix(np.atleast_1d(units).astype(np.uint64) * _GOLDEN + _key(self.seed, stream))
        if isinstance(tick, int):
            return mixed ^ np.uint64((tick * int(_SECOND) + int(_FIRST)) % 2**64)
        return mixed ^ (tick.astype(np.uint64) * _SECOND + _FIRST)


def quantile(probability: Floats) -> Floats:
    """The standard normal quantile, to about 0.3 % (Winitzki 2008, approximation of erf)."""
    centered = 2.0 * probability - 1.0
    log = np.log1p(-(centered**2))
    lead = 2.0 / (np.pi * _WINITZKI) + log / 2.0
    return np.sign(centered) * np.sqrt(2.0 * (np.sqrt(lead**2 - log / _WINITZKI) - lead))


def poisson(probability: Floats, mean: Floats) -> Ints:
    """The Poisson quantile: by inversion for small means, else Cornish-Fisher (first term)."""
    mean = np.maximum(mean, 0.0)
    z = quantile(probability)
    large = np.rint(mean + np.sqrt(mean) * z + (z**2 - 1.0) / 6.0)
    for low, high in _BY_INVERSION:
        some = np.flatnonzero((mean >= low) & (mean < high))
        if len(some):
            large[some] = _inverted(probability[some], mean[some])
    return np.maximum(large, 0.0).astype(np.int64)


@lru_cache(maxsize=65_536)
def unit(name: str) -> int:
    """The number a name is known by, the same in every run."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def pick(uniform: Floats, shares: Floats) -> Ints:
    """One of several, as likely as its share, for each number."""
    edges = np.cumsum(shares / shares.sum())
    return np.minimum(np.searchsorted(edges, uniform), len(edges) - 1)


def units(names: list[str]) -> Hashes:
    """The numbers of several names."""
    return np.array([unit(name) for name in names], dtype=np.uint64)


@lru_cache(maxsize=4_096)
def _key(seed: int, stream: str) -> np.uint64:
    return np.uint64(unit(f"{seed}/{stream}"))


def _mix(value: Hashes) -> Hashes:
    # The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every input bit reaches all others.
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


def _unit_interval(bits: Hashes) -> Floats:
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54


def _inverted(probability: Floats, mean: Floats) -> Floats:
    safe = np.maximum(mean, 1e-12)[:, None]
    top = float(safe.max())
    reach = int(top + 7.0 * math.sqrt(top) + 8.0)  # beyond it lies less than luck can resolve
    mass = np.exp(_STEPS[:reach] * np.log(safe) - safe - _LOG_FACTORIAL[:reach])
    below = np.cumsum(mass, axis=1) < probability[:, None]
    counts: Floats = below.sum(axis=1).astype(np.float64)
    return counts
