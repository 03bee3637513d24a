"""Shrinkage: what an arm's rate most likely is, given all the tests that came before.

The arm that looks best early looks better than it is: it was picked for its luck. An empirical
Bayes estimate takes the expected luck out. Arms of one test are alike (same audience, same
article), tests differ a lot; so a test has a base rate drawn from a distribution of any shape,
and the true rates of its arms scatter around it as a beta distribution.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._numbers import as_array, as_list

Array = NDArray[np.float64]

_GRID = 64
_ROUNDS = 200
# Weight, in tests, spread over all base rates: a test unlike any before must stay possible.
_OPEN_MIND = 2.0
# By how much of its test's rate an arm usually differs from it, as far as nothing is known.
_USUAL_SPREAD = 0.4
_STRENGTHS = (1.0, 1e7)
_MOST = 2.0**53


@dataclass(frozen=True)
class Prior:
    """What many tests taught about rates.

    ``rates`` and ``weights`` are the distribution of base rates over tests. ``strength`` is how
    alike the arms of one test are, in units an arm: an arm's own data outweigh its test's base
    rate once it has more trials than that.
    """

    strength: float
    rates: Array = field(repr=False, compare=False)
    weights: Array = field(repr=False, compare=False)

    @property
    def mean(self) -> float:
        """The mean base rate over tests."""
        return float(self.rates @ self.weights)

    def estimate(self, counts: Any) -> Array:
        """The expected true rates of the arms of one test, in their order.

        ``counts`` is a sequence of (successes, trials), one pair an arm, or a mapping of arms to
        such pairs; an arm without trials
        gets what its siblings suggest. Raises ValueError for broken counts.
        """
        successes, trials = _arms(counts)
        logs = np.log(self.weights) + _likelihood(successes, trials, self.rates, self.strength)
        posterior = np.exp(logs - logs.max())
        posterior /= posterior.sum()
        own = (successes[:, None] + self.strength * self.rates) / (trials[:, None] + self.strength)
        rates: Array = own @ posterior
        return rates


def fit(tests: Sequence[Any] | Mapping[Any, Any]) -> Prior:
    """Learn a prior from past tests by maximum marginal likelihood.

    ``tests`` is a sequence of tests, a test a sequence of (successes, trials), one pair an arm (or
    a mapping of names to these); tests may have different numbers of arms, and a flat sequence of
    pairs is one test. The base rates' distribution is nonparametric (Laird 1978, by EM), the arms'
    strength is the maximum of the profile likelihood with a weak prior on how far arms scatter,
    away from not at all (Chung, Rabe-Hesketh, Dorie, Gelman & Liu 2013) and from more than arms of
    one test ever do. One past test teaches little: leaders' rates are right on average from about
    two tests read early, or five read to their end. Raises ValueError where there is nothing to
    learn from.
    """
    arms = [_arms(test) for test in _nested(tests)]
    arms = [pair for pair in arms if pair[1].sum() > 0]
    if not any(len(successes) > 1 for successes, _ in arms):
        raise ValueError("tests: at least one test with two arms that had trials is needed")
    grid = _grid(arms)
    strength = _most_likely_strength(arms, grid)
    _, weights = _base_rates(_matrix(arms, grid, strength))
    return Prior(strength, grid, weights)


def _nested(tests: Any) -> Sequence[Any]:
    tests = as_list(_unnamed(tests), "tests")
    is_pair = bool(tests) and as_array(_unnamed(tests[0]), "a test").shape == (2,)
    return [tests] if is_pair else tests


def _unnamed(given: Any) -> Any:
    return list(given.values()) if isinstance(given, Mapping) else given


def _arms(counts: Any) -> tuple[Array, Array]:
    pairs = as_array(_unnamed(counts), "a test, a (successes, trials) pair an arm,")
    pairs = pairs[None, :] if pairs.ndim == 1 and len(pairs) == 2 else pairs
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(
            f"a test is a sequence of (successes, trials) pairs, got {shortened(counts)}"
        )
    successes, trials = pairs[:, 0], pairs[:, 1]
    if not ((trials <= _MOST).all() and (successes >= 0).all() and (successes <= trials).all()):
        raise ValueError(f"each arm needs 0 <= successes <= trials, got {shortened(counts)}")
    return successes, trials


def _grid(arms: list[tuple[Array, Array]]) -> Array:
    """Base rates worth considering, evenly spaced in log odds."""
    rates = [(successes.sum() + 0.5) / (trials.sum() + 1) for successes, trials in arms]
    odds = np.log(rates) - np.log1p(-np.asarray(rates))
    steps = np.linspace(odds.min() - 1, odds.max() + 1, _GRID)
    grid: Array = 1 / (1 + np.exp(-steps))
    return grid


def _likelihood(successes: Array, trials: Array, rates: Array, strength: float) -> Array:
    """The log likelihood of one test at each base rate, up to a constant of the data."""
    likelihood: Array = _matrix([(successes, trials)], rates, strength)[0]
    return likelihood


def _matrix(arms: list[tuple[Array, Array]], rates: Array, strength: float) -> Array:
    """Log likelihood of every test (rows) at every base rate: beta-binomial, summed over arms."""
    from scipy.special import betaln

    successes = np.concatenate([pair[0] for pair in arms])[:, None]
    trials = np.concatenate([pair[1] for pair in arms])[:, None]
    a, b = rates * strength, (1 - rates) * strength
    each = betaln(successes + a, trials - successes + b) - betaln(a, b)
    starts = np.cumsum([0, *(len(pair[0]) for pair in arms[:-1])])
    matrix: Array = np.add.reduceat(each, starts, axis=0)
    return matrix


def _base_rates(logs: Array) -> tuple[float, Array]:
    """The log likelihood and the weights of the base rates that explain the tests best."""
    peaks = logs.max(axis=1, keepdims=True)
    chances = np.exp(logs - peaks)
    open_mind = _OPEN_MIND / logs.shape[1]
    weights = np.full(logs.shape[1], 1 / logs.shape[1])
    for _ in range(_ROUNDS):
        shares = chances * weights
        shares /= shares.sum(axis=1, keepdims=True)
        weights = (shares.sum(axis=0) + open_mind) / (len(logs) + _OPEN_MIND)
    return float((np.log(chances @ weights) + peaks[:, 0]).sum()), weights


def _most_likely_strength(arms: list[tuple[Array, Array]], grid: Array) -> float:
    from scipy.optimize import minimize_scalar

    successes, trials = (float(sum(pair[i].sum() for pair in arms)) for i in (0, 1))
    rate = (successes + 0.5) / (trials + 1)

    def loss(log_strength: float) -> float:
        strength = math.exp(log_strength)
        # Few tests often look as if arms did not differ at all, or as if they had little in
        # common; the log of a Rayleigh density of their relative spread keeps from both.
        squared = (1 - rate) / rate / (strength + 1)
        spread = 0.5 * math.log(squared) - squared / (2 * _USUAL_SPREAD**2)
        return -_base_rates(_matrix(arms, grid, strength))[0] - spread

    low, high = (math.log(strength) for strength in _STRENGTHS)
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 0.02})
    return math.exp(float(found.x))
