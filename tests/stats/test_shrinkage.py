"""Shrinkage: recovered truths of simulated tests, Bayes by hand, and the luck of early leaders."""

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import betabinom

from drumbeat.stats.shrinkage import Prior, fit

UPWORTHY = Path(__file__).parents[3] / "shared/data/upworthy_given_30pct.csv"

Floats = NDArray[np.float64]


def simulated_tests(
    count: int, strength: float, trials: int, seed: int
) -> tuple[list[Floats], list[NDArray[np.int64]]]:
    """True rates and counts: base rates of about 1.5 %, arms scattered around them."""
    generator = np.random.default_rng(seed)
    truths, counts = [], []
    for _ in range(count):
        base = min(0.3, float(np.exp(generator.normal(np.log(0.015), 0.7))))
        arms = int(generator.integers(2, 7))
        rates = generator.beta(base * strength, (1 - base) * strength, arms)
        successes = generator.binomial(trials, rates)
        truths.append(rates)
        counts.append(np.stack([successes, np.full(arms, trials)], axis=1))
    return truths, counts


def apparent_over_true(estimates: list[Floats], seen: list[Any], truths: list[Floats]) -> float:
    """Estimated over true rate of each test's early leader, averages over averages."""
    leaders = [int(np.argmax(test[:, 0] / test[:, 1])) for test in seen]
    apparent = sum(rates[best] for rates, best in zip(estimates, leaders, strict=True))
    true = sum(rates[best] for rates, best in zip(truths, leaders, strict=True))
    return float(apparent / true)


def test_the_early_leaders_luck_is_taken_out() -> None:
    truths, seen = simulated_tests(600, strength=800, trials=200, seed=1)
    prior = fit(seen[:300])
    naive = [test[:, 0] / test[:, 1] for test in seen[300:]]
    shrunk = [prior.estimate(test) for test in seen[300:]]
    assert apparent_over_true(naive, seen[300:], truths[300:]) > 1.35
    assert 0.95 < apparent_over_true(shrunk, seen[300:], truths[300:]) < 1.05


def test_shrunk_rates_are_nearer_the_truth_than_raw_ones() -> None:
    truths, seen = simulated_tests(300, strength=800, trials=400, seed=2)
    prior = fit(seen)
    pairs = list(zip(seen, truths, strict=True))
    raw = sum(((test[:, 0] / test[:, 1] - truth) ** 2).sum() for test, truth in pairs)
    shrunk = sum(((prior.estimate(test) - truth) ** 2).sum() for test, truth in pairs)
    assert shrunk < 0.5 * raw


@pytest.mark.parametrize("strength", [300.0, 3000.0])
def test_the_likeness_of_arms_is_recovered(strength: float) -> None:
    _, seen = simulated_tests(500, strength=strength, trials=3000, seed=3)
    assert fit(seen).strength == pytest.approx(strength, rel=0.3)


def test_arms_that_do_not_differ_share_one_rate() -> None:
    generator = np.random.default_rng(4)
    tests = [np.stack([generator.binomial(500, 0.05, 4), [500] * 4], axis=1) for _ in range(100)]
    rates = fit(tests).estimate([(10, 500), (40, 500)])
    assert rates[1] / rates[0] < 1.4


def test_few_tests_do_not_prove_that_arms_are_alike() -> None:
    estimated: list[Floats] = []
    seen: list[Any] = []
    true: list[Floats] = []
    for seed in range(20):
        truths, counts = simulated_tests(25, strength=300, trials=1500, seed=100 + seed)
        prior = fit(counts[:2])
        assert prior.strength < 20_000
        estimated += [prior.estimate(test) for test in counts[2:]]
        seen, true = seen + counts[2:], true + truths[2:]
    # Without the weak prior on how far arms scatter: .93, and strengths of ten million.
    assert 0.94 <= apparent_over_true(estimated, seen, true) <= 1.03


def test_a_few_tests_read_early_do_not_prove_that_arms_have_little_in_common() -> None:
    estimated: list[Floats] = []
    seen: list[Any] = []
    true: list[Floats] = []
    for seed in range(30):
        truths, counts = simulated_tests(25, strength=1200, trials=250, seed=300 + seed)
        prior = fit(counts[:3])
        estimated += [prior.estimate(test) for test in counts[3:]]
        seen, true = seen + counts[3:], true + truths[3:]
    # With a prior that keeps from likeness alone: 1.07.
    assert 0.94 <= apparent_over_true(estimated, seen, true) <= 1.05


def by_hand(prior: Prior, counts: list[tuple[int, int]]) -> Floats:
    """The posterior mean by Bayes' rule with scipy's beta-binomial, one base rate at a time."""
    total, weight = np.zeros(len(counts)), 0.0
    for rate, share in zip(prior.rates, prior.weights, strict=True):
        a, b = rate * prior.strength, (1 - rate) * prior.strength
        chance = share * np.prod([betabinom.pmf(s, n, a, b) for s, n in counts])
        total += chance * np.array([(s + a) / (n + a + b) for s, n in counts])
        weight += chance
    return total / weight


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([(3, 200), (9, 200)], id="two-arms"),
        pytest.param([(0, 0), (9, 200), (1, 50)], id="an-arm-without-trials"),
        pytest.param([(0, 10)], id="one-arm"),
    ],
)
def test_estimates_are_bayes_rule(counts: list[tuple[int, int]]) -> None:
    prior = fit(simulated_tests(60, strength=500, trials=1000, seed=5)[1])
    assert prior.estimate(counts) == pytest.approx(by_hand(prior, counts), rel=1e-6)


def test_a_flat_list_of_arms_is_one_test() -> None:
    arms = [(10, 500), (20, 500), (15, 500)]
    assert fit(arms).estimate(arms) == pytest.approx(fit([arms]).estimate(arms))


@pytest.mark.parametrize(
    ("tests", "word"),
    [
        ([], "at least one test"),
        ([[(0, 0), (0, 0)]], "at least one test"),
        ([[(1, 10)]], "at least one test"),
        ([[(5, 3), (1, 10)]], "successes <= trials"),
        ([[(-1, 3), (1, 10)]], "successes <= trials"),
        ([[(float("nan"), 3), (1, 10)]], "successes <= trials"),
        ([[(1, 2, 3), (1, 2, 3)]], "pairs"),
    ],
)
def test_what_teaches_nothing_is_refused(tests: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        fit(tests)


PRIOR = fit(simulated_tests(40, strength=500, trials=1000, seed=6)[1])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(51, 5000)), min_size=1, max_size=6))
def test_estimates_are_rates_in_the_order_of_the_evidence(counts: list[tuple[int, int]]) -> None:
    rates = PRIOR.estimate(counts)
    assert ((rates > 0) & (rates < 1)).all()
    more = PRIOR.estimate([(successes + 1, trials) for successes, trials in counts])
    assert (more > rates).all()


@pytest.mark.skipif(not UPWORTHY.exists(), reason="the Upworthy tests are not in shared/data")
@pytest.mark.parametrize("share", [0.07, 0.2])
def test_real_headline_tests_keep_their_promise(share: float) -> None:
    tests: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with UPWORTHY.open() as file:
        for row in csv.DictReader(file):
            tests[row["clickability_test_id"]].append((int(row["clicks"]), int(row["impressions"])))
    generator = np.random.default_rng(7)
    early, later = [], []
    for arms in map(np.array, tests.values()):
        shown = np.maximum(1, arms[:, 1] * share).astype(int)
        clicked = generator.hypergeometric(arms[:, 0], arms[:, 1] - arms[:, 0], shown)
        early.append(np.stack([clicked, shown], axis=1))
        later.append((arms[:, 0] - clicked) / (arms[:, 1] - shown))
    prior = fit(early[:700])
    shrunk = [prior.estimate(test) for test in early[700:]]
    naive = [test[:, 0] / test[:, 1] for test in early[700:]]
    assert apparent_over_true(naive, early[700:], later[700:]) > 1.2
    assert 0.97 <= apparent_over_true(shrunk, early[700:], later[700:]) <= 1.05
