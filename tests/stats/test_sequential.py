"""Sequential tests: published tables, the promise about errors, and what is refused.

Reference values: Jennison and Turnbull, Group Sequential Methods (2000), tables 2.1 and 2.3
(constants), 2.2 and 2.4 (inflation of the sample size); the spending boundaries of five looks are
those of Lan and DeMets' program as printed in its manual (Reboussin et al. 2000).
"""

import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.stats._boundaries import boundaries, chance_of_crossing
from drumbeat.stats.sequential import (
    Readout,
    SequentialDesign,
    Spending,
    Summary,
    chance_to_find,
    read,
    sample_size,
)

FIVE = (0.2, 0.4, 0.6, 0.8, 1.0)


def equal_looks(count: int) -> list[float]:
    return [(look + 1) / count for look in range(count)]


@pytest.mark.parametrize(
    ("spending", "published"),
    [
        (Spending.OBRIEN_FLEMING, [4.877, 3.357, 2.680, 2.290, 2.031]),
        (Spending.POCOCK, [2.438, 2.427, 2.410, 2.397, 2.386]),
    ],
)
def test_boundaries_at_planned_looks_match_the_published_ones(
    spending: Spending, published: list[float]
) -> None:
    found = boundaries(FIVE, 0.05, spending, watched=False)
    assert list(found) == pytest.approx(published, abs=1e-3)


@pytest.mark.parametrize(
    ("looks", "pocock", "obrien_fleming"),
    [
        (1, 1.960, 1.960),
        (2, 2.178, 1.977),
        (3, 2.289, 2.004),
        (5, 2.413, 2.040),
        (10, 2.555, 2.087),
    ],
)
def test_published_constants_cross_with_chance_alpha(
    looks: int, pocock: float, obrien_fleming: float
) -> None:
    fractions = equal_looks(looks)
    flat = chance_of_crossing(fractions, [pocock] * looks, 0.0)
    falling = chance_of_crossing(fractions, [obrien_fleming / f**0.5 for f in fractions], 0.0)
    assert [sum(flat), sum(falling)] == pytest.approx([0.05, 0.05], abs=2e-4)


@pytest.mark.parametrize(
    ("shape", "constant", "inflation"),
    [pytest.param(0.0, 2.413, 1.229, id="pocock"), pytest.param(0.5, 2.040, 1.028, id="obf")],
)
def test_published_inflation_of_the_sample_size_gives_the_published_power(
    shape: float, constant: float, inflation: float
) -> None:
    drift = math.sqrt(inflation) * (1.959964 + 0.841621)
    bounds = [constant / fraction**shape for fraction in FIVE]
    assert chance_of_crossing(FIVE, bounds, drift)[0] == pytest.approx(0.8, abs=1e-3)


def test_one_look_is_the_fixed_test_less_the_share_kept_for_an_overrun() -> None:
    assert SequentialDesign(0.05, 1000, 1).bounds == pytest.approx((1.97290,), abs=1e-4)


@pytest.mark.parametrize("spending", list(Spending))
def test_a_watched_boundary_is_stricter_where_it_must_hold_longer(spending: Spending) -> None:
    watched = boundaries(FIVE, 0.05, spending)
    planned = boundaries(FIVE, 0.05, spending, watched=False)
    assert all(a > b for a, b in zip(watched[:-1], planned[:-1], strict=True))


@pytest.mark.parametrize("looks", [2, 5, 20])
@pytest.mark.parametrize("spending", list(Spending))
def test_peeking_two_hundred_times_between_few_looks_keeps_alpha(
    looks: int, spending: Spending
) -> None:
    design = SequentialDesign(0.05, 200_000, looks, spending)
    peeks = equal_looks(200)
    bounds = [design.bound_at(round(fraction * design.max_n)) for fraction in peeks]
    assert 0.03 < sum(chance_of_crossing(peeks, bounds, 0.0)) < 0.0486


@pytest.mark.parametrize("overshoot", [0.0, 0.05])
def test_going_on_to_ten_times_the_plan_keeps_alpha(overshoot: float) -> None:
    design = SequentialDesign(0.05, 10_000, 5, overshoot=overshoot)
    peeks = [*equal_looks(20), 1.02, 1.05, *np.geomspace(1.1, 10, 60)]
    bounds = [design.bound_at(round(fraction * design.max_n)) for fraction in peeks]
    assert 0.03 < sum(chance_of_crossing(peeks, bounds, 0.0)) <= 0.05


def test_past_the_plan_the_confidence_sequence_takes_over() -> None:
    design = SequentialDesign(0.05, 10_000)
    inside, past = design.bound_at(10_000), design.bound_at(10_002)
    assert (inside < 2.2, past > 3.5) == (True, True)


def test_an_allowed_overshoot_is_judged_at_the_last_boundary() -> None:
    design = SequentialDesign(0.05, 10_000, overshoot=0.02)
    assert design.bound_at(10_200) == design.bounds[-1]
    assert design.bound_at(10_201) > design.bounds[-1] + 1


def arms(n: int, control: int, treatment: int) -> tuple[Summary, Summary]:
    return Summary.proportion(control, n), Summary.proportion(treatment, n)


@pytest.mark.parametrize(
    ("n", "look"),
    [(99, 0), (100, 1), (199, 1), (200, 2), (399, 3), (400, 4), (500, 5), (5000, 5)],
)
def test_a_call_between_looks_belongs_to_the_last_look_passed(n: int, look: int) -> None:
    design = SequentialDesign(0.05, 1000, 5)
    readout = read(design, *arms(n, n // 10, n // 10))
    assert (readout.look, readout.overrun) == (look, n > 500)


@pytest.mark.parametrize(
    ("control", "treatment", "decision"),
    [(40, 80, "treatment"), (80, 40, "control"), (60, 62, "undecided")],
)
def test_the_decision_names_the_better_arm(control: int, treatment: int, decision: str) -> None:
    design = SequentialDesign(0.05, 2000)
    readout = read(design, *arms(1000, control, treatment))
    assert readout.decision == decision
    assert readout.effect == pytest.approx((treatment - control) / 1000)


def test_the_interval_at_a_single_look_is_the_normal_one() -> None:
    design = SequentialDesign(0.05 / 0.97, 6000, 1)
    readout = read(design, *arms(3000, 40, 65))
    pooled = 105 / 6000
    error = 1.959964 * math.sqrt(pooled * (1 - pooled) * 2 / 3000)
    effect = 25 / 3000
    assert (readout.low, readout.high) == pytest.approx((effect - error, effect + error), rel=1e-4)


def test_small_samples_of_measured_units_are_judged_by_students_t() -> None:
    design = SequentialDesign(0.05 / 0.97, 10, 1)
    readout = read(design, Summary(5, 0.0, 1.0), Summary(5, 1.0, 1.0))
    # t(8 degrees of freedom, .975) = 2.306, standard error √(2/5).
    assert readout.high - readout.effect == pytest.approx(2.306 * math.sqrt(0.4), rel=1e-3)


@pytest.mark.parametrize(
    ("control", "treatment"),
    [
        pytest.param(Summary(0, 0.0, 0.0), Summary(0, 0.0, 0.0), id="nobody-came"),
        pytest.param(Summary(1, 0.0, 0.0), Summary(999, 0.5, 0.25), id="one-unit"),
        pytest.param(Summary(500, 1.0, 0.0), Summary(500, 2.0, 0.0), id="nothing-varies"),
        pytest.param(Summary(500, 0.0, 0.0), Summary(500, 0.0, 0.0), id="no-click-at-all"),
        pytest.param(Summary(500, 3.0, 0.0), Summary(500, 9.0, 4.0), id="one-arm-never-varied"),
        pytest.param(Summary(2, 0.0, 0.0), Summary(2, 1.0, 0.0), id="before-the-first-look"),
    ],
)
def test_what_cannot_be_judged_is_undecided_with_an_infinite_interval(
    control: Summary, treatment: Summary
) -> None:
    readout = read(SequentialDesign(0.05, 1000), control, treatment)
    assert (readout.decision, readout.low, readout.high) == ("undecided", -math.inf, math.inf)


def test_an_empty_arm_has_no_effect_to_report() -> None:
    readout = read(SequentialDesign(0.05, 100), Summary(0, 0.0, 0.0), Summary(50, 0.5, 0.25))
    assert math.isnan(readout.effect)


def test_a_small_arm_without_clicks_is_not_certain_of_its_zero() -> None:
    design = SequentialDesign(0.05, 1000, 1)
    readout = read(design, Summary.proportion(0, 100), Summary.proportion(18, 900))
    assert readout.decision == "undecided"


@pytest.mark.parametrize(
    ("n", "mean", "variance", "word"),
    [
        (-1, 0.1, 0.1, "counts units"),
        (2.5, 0.1, 0.1, "counts units"),
        (10, math.nan, 0.1, "Summary.mean"),
        (10, 0.1, math.nan, "Summary.variance"),
        (math.nan, 0.1, 0.1, "Summary.n"),
        (10, math.inf, 0.1, "Summary.mean"),
        (10, 0.1, -0.1, "cannot be negative"),
    ],
)
def test_a_broken_summary_is_refused_by_name(
    n: Any, mean: float, variance: float, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        Summary(n, mean, variance)


@pytest.mark.parametrize(
    ("plan", "word"),
    [
        ({"alpha": 0.0}, "alpha"),
        ({"alpha": math.nan}, "alpha"),
        ({"max_n": 3}, "max_n"),
        ({"max_n": math.nan}, "max_n"),
        ({"looks": 0}, "looks"),
        ({"looks": (0.5, 0.4)}, "looks"),
        ({"looks": (0.5, 1.5)}, "looks"),
        ({"looks": ()}, "looks"),
        ({"looks": 2.5}, "looks"),
        ({"alpha": "5 %"}, "alpha"),
        ({"spending": "haybittle"}, "obrien-fleming, pocock, power"),
        ({"overshoot": -0.1}, "overshoot"),
    ],
)
def test_a_plan_that_is_none_is_refused(plan: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        SequentialDesign(**{"alpha": 0.05, "max_n": 1000, **plan})


@pytest.mark.parametrize(
    ("text", "spending"),
    [
        ("O'Brien-Fleming", Spending.OBRIEN_FLEMING),
        ("obf", Spending.OBRIEN_FLEMING),
        ("obrien_fleming", Spending.OBRIEN_FLEMING),
        ("Pocock", Spending.POCOCK),
        ("kim-demets", Spending.POWER),
    ],
)
def test_spending_functions_answer_to_their_usual_names(text: str, spending: Spending) -> None:
    assert SequentialDesign(0.05, 1000, 5, text).spending is spending


def test_given_fractions_are_kept_and_the_end_is_added() -> None:
    assert SequentialDesign(0.05, 1000, [0.25, 0.5]).fractions == (0.25, 0.5, 1.0)


def test_a_thousand_looks_have_a_thousand_boundaries() -> None:
    bounds = SequentialDesign(0.05, 100_000, 1000).bounds
    assert (len(bounds), sorted(bounds, reverse=True)) == (1000, list(bounds))


def test_a_bigger_plan_is_needed_for_more_looks_and_smaller_lifts() -> None:
    fixed = sample_size(0.015, 0.3, looks=1)
    assert fixed < sample_size(0.015, 0.3, looks=5) < sample_size(0.015, 0.3, looks=50)
    assert sample_size(0.015, 0.15) > 3.5 * sample_size(0.015, 0.3)


def test_the_sample_size_of_one_look_is_the_textbook_one() -> None:
    # 2 (z.975 + z.8)² σ²/δ² an arm: 392.44 for δ = 0.2 σ; statsmodels' NormalIndPower agrees.
    assert sample_size(1.0, 0.2, variance=1.0, looks=1, alpha=0.05 / 0.97) == 2 * 393


def test_the_planned_size_has_the_planned_power_on_simulated_clicks() -> None:
    design = SequentialDesign(0.05, sample_size(0.02, 0.4, power=0.8))
    # Three standard errors of 1,500 runs are .03.
    assert decided_share(design, (0.02, 0.028), past=1.0) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("lift", [0.3, -0.3])
def test_the_chance_to_find_a_lift_is_the_power_it_was_sized_for(lift: float) -> None:
    design = SequentialDesign(0.05, sample_size(0.05, lift, power=0.9))
    assert chance_to_find(design, 0.05, lift) == pytest.approx(0.9, abs=1e-3)
    smaller = SequentialDesign(0.05, design.max_n // 4)
    assert 0.25 < chance_to_find(smaller, 0.05, lift) < 0.45


@pytest.mark.parametrize(
    ("per_arm", "lift", "alpha", "power"),
    # scipy 1.16: 1 - nct.cdf(t.ppf(1 - alpha / 2, 2n - 2), 2n - 2, lift * sqrt(n / 2)).
    [
        (3, 2.0, 0.2, 0.815),
        (4, 1.2, 0.2, 0.616),
        (6, 1.2, 0.2, 0.761),
        (6, 0.8, 0.05, 0.240),
        (10, 1.2, 0.05, 0.718),
    ],
)
def test_few_units_find_less_for_they_have_to_tell_the_variance_too(
    per_arm: int, lift: float, alpha: float, power: float
) -> None:
    design = SequentialDesign(alpha / 0.97, 2 * per_arm, 1)
    assert chance_to_find(design, 1.0, lift, 1.0) == pytest.approx(power, abs=0.041)


@pytest.mark.parametrize(
    ("baseline", "lift", "more", "word"),
    [
        (0.0, 0.1, {}, "no difference"),
        (0.1, 0.0, {}, "no difference"),
        (math.nan, 0.1, {}, "finite number"),
        (0.9, 0.5, {}, "between 0 and 1"),
        (5.0, 0.1, {"variance": 0.0}, "variance"),
        (0.1, 0.1, {"power": 0.01}, "power"),
    ],
)
def test_a_size_for_nothing_is_refused(
    baseline: float, lift: float, more: dict[str, Any], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        sample_size(baseline, lift, **more)


def decided_share(design: SequentialDesign, rates: tuple[float, float], past: float) -> float:
    """How many of 1,500 experiments decide when read 20 times, up to ``past`` times the plan."""
    ends = [round(design.max_n / 2 * past * fraction) for fraction in equal_looks(20)]
    generator = np.random.default_rng(11)
    batches = np.diff([0, *ends])
    control, treatment = (generator.binomial(batches, p, (1500, 20)).cumsum(axis=1) for p in rates)
    decided = [
        any(
            read(design, *arms(n, int(a), int(b))).decision != "undecided"
            for n, a, b in zip(ends, *run, strict=True)
        )
        for run in zip(control, treatment, strict=True)
    ]
    return float(np.mean(decided))


@pytest.mark.parametrize(
    ("looks", "spending", "past"),
    [(1, "obf", 1.0), (5, "pocock", 1.0), (20, "obf", 1.0), (20, "obf", 2.0), (50, "power", 1.5)],
)
def test_peeking_at_equal_arms_is_wrong_in_at_most_one_of_twenty(
    looks: int, spending: str, past: float
) -> None:
    design = SequentialDesign(0.05, 8000, looks, spending)
    # Two standard errors of 1,500 runs at .05 are .011.
    assert 0.01 < decided_share(design, (0.05, 0.05), past) <= 0.05 + 0.011


@settings(max_examples=60, deadline=None)
@given(
    n=st.tuples(st.integers(0, 900), st.integers(0, 900)),
    rates=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    looks=st.sampled_from([1, 3, 20]),
)
def test_arms_exchanged_give_the_mirrored_readout(
    n: tuple[int, int], rates: tuple[float, float], looks: int
) -> None:
    design = SequentialDesign(0.05, 1000, looks)
    one = Summary.proportion(int(n[0] * rates[0]), n[0])
    other = Summary.proportion(int(n[1] * rates[1]), n[1])
    forth, back = read(design, one, other), read(design, other, one)
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low), nan_ok=True)
    assert (consistent(forth), consistent(back)) == (True, True)


def consistent(readout: Readout) -> bool:
    """The interval leaves out 0 exactly when there is a decision, on the side it names."""
    sides = {"treatment": readout.low > 0, "control": readout.high < 0}
    named = sides.get(readout.decision, readout.low <= 0 <= readout.high)
    inside = math.isnan(readout.effect) or readout.low <= readout.effect <= readout.high
    return named and inside


def test_a_readout_is_a_plain_record() -> None:
    readout = read(SequentialDesign(0.05, 2000), *arms(1000, 40, 80))
    assert set(asdict(readout)) == {"decision", "effect", "low", "high", "look", "overrun"}


@pytest.mark.parametrize(
    ("large", "small", "decision"),
    [
        pytest.param((1.0, 225.0), (0.2, 8.0), "undecided", id="its few buyers stayed away"),
        pytest.param((21.0, 225.0), (20.2, 8.0), "control", id="units vary less than their mean"),
        pytest.param((1.0, 225.0), (6.0, 900.0), "treatment", id="it varies more by itself"),
    ],
)
def test_a_small_arm_without_buyers_is_not_certain_of_it(
    large: tuple[float, float], small: tuple[float, float], decision: str
) -> None:
    arms = Summary(3600, *large), Summary(400, *small)
    assert read(SequentialDesign(0.05, 4000, 1), *arms).decision == decision
