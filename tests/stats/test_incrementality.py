"""Incrementality: claims only what pretended experiments would not show."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.kpi_series import DATA
from benchmarks.lift import markets, measure, plain, rates
from drumbeat.stats._geo_change import Change, measure_change
from drumbeat.stats._geo_fit import fit
from drumbeat.stats._summary import Summary
from drumbeat.stats.incrementality import NotEnoughData, geo_lift, holdout_lift


def steady(geos: int = 30, days: int = 84, seed: int = 2) -> np.ndarray:
    """One in twenty such panels is refused by chance (its placebos fail); this one is not."""
    return markets(geos, days, 0.04)(np.random.default_rng(seed))


def lifted(panel: np.ndarray, geos: Sequence[int], start: int, by: float) -> np.ndarray:
    changed = panel.copy()
    changed[np.array(geos), start:] *= 1 + by
    return changed


TEN = list(range(10))


@pytest.mark.parametrize(
    ("by", "verdict"),
    [
        pytest.param(0.05, "lift", id="five percent up"),
        pytest.param(-0.05, "loss", id="five percent down"),
        pytest.param(0.0, "not proven", id="nothing"),
        pytest.param(1.0, "lift", id="doubled"),
    ],
)
def test_an_injected_effect_is_found_with_its_size(by: float, verdict: str) -> None:
    found = measure(lifted(steady(), TEN, 56, by), np.array(TEN), 56)
    assert found.verdict == verdict
    assert found.low <= by <= found.high
    assert found.effect == pytest.approx(by, abs=0.015)


def test_an_exact_panel_gives_the_exact_effect() -> None:
    panel = np.outer(np.arange(1.0, 21), np.tile([1.0, 2.0, 1.5, 1.0, 1.0, 3.0, 2.0], 10))
    found = measure(lifted(panel, [3, 7, 11], 42, 0.1), np.array([3, 7, 11]), 42)
    assert found.effect == pytest.approx(0.1)
    assert [found.low, found.high] == pytest.approx([0.1, 0.1])


def test_treated_geos_that_already_drifted_prove_nothing() -> None:
    panel = steady()
    panel[TEN] *= np.exp(0.004 * np.arange(84))
    found = measure(panel, np.array(TEN), 56)
    assert found.placebo_false_positive_rate is not None
    assert found.placebo_false_positive_rate > 1 / 3
    assert found.verdict == "not proven"
    assert "before the start" in found.reason


def test_one_treated_geo_among_few_proves_nothing_however_large() -> None:
    found = measure(lifted(steady(geos=8), [2], 56, 0.5), np.array([2]), 56)
    assert found.verdict == "not proven"
    assert found.p_value > 0.05
    assert found.reason.endswith("show the largest one in 12% of deals")


def test_one_festival_town_does_not_decide() -> None:
    panel = steady()
    panel[4, 56:] *= 3
    found = measure(panel, np.array(TEN), 56)
    assert found.verdict == "not proven"
    assert abs(found.effect) < 0.03


def regions(geos: int = 40, days: int = 112) -> np.ndarray:
    """Steady markets, each following two movements of its own region as strongly as it likes."""
    chance = np.random.default_rng(6)
    paths = np.cumsum(chance.normal(0, 0.012, (2, days)), axis=1)
    return steady(geos, days) * np.exp(chance.normal(0, 1, (geos, 2)) @ paths)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(np.ones(42), id="at once"),
        pytest.param(np.linspace(0, 2, 42), id="growing"),
        pytest.param(np.linspace(2, 0, 42), id="fading"),
    ],
)
def test_shared_movements_are_told_from_an_effect_whatever_its_shape(shape: np.ndarray) -> None:
    panel, start = regions(), 70
    treated = np.random.default_rng(0).choice(40, 20, replace=False)
    without = measure(panel, treated, start)
    grown = panel.copy()
    grown[treated, start:] *= 1 + 0.05 * shape
    found = measure(grown, treated, start)
    assert without.verdict == "not proven"
    assert found.verdict == "lift"
    assert found.effect - without.effect == pytest.approx(0.05, abs=0.006)
    # The geos' own changes differ by 18 %, so Welch's test of them sees nothing.
    assert plain(grown, treated, start) == 0


def test_predictors_that_explain_nothing_cost_nothing() -> None:
    change = measure_change(steady() / 1e6, np.arange(30) < 10, 56, 7)
    assert sum(columns.shape[1] for columns in change.predictors) >= 5
    assert fit(change).freedom < 1.5


def test_the_pull_on_labels_is_that_of_generalized_least_squares() -> None:
    chance = np.random.default_rng(8)
    columns, weight = chance.normal(0, 1, (24, 2)), chance.uniform(50, 200, 24)
    log = columns @ [0.5, -0.3] + chance.normal(0, 1, 24) / np.sqrt(weight)
    found = fit(Change(log, weight, (columns,)))
    labels = (np.arange(24) % 3 == 0).astype(float)
    pull, mass = found.pull(labels[None])
    covariance = np.eye(24) + found.explained @ found.explained.T
    design = np.column_stack([found.unit, labels * found.unit])
    inverse = np.linalg.inv(covariance)
    spread = np.linalg.inv(design.T @ inverse @ design)
    expected = spread @ design.T @ inverse @ found.changes
    assert pull[0] / mass[0] == pytest.approx(expected[1])
    assert 1 / mass[0] == pytest.approx(spread[1, 1])


def test_missing_cells_do_not_move_the_effect() -> None:
    panel = lifted(steady(), TEN, 56, 0.05)
    whole = measure(panel, np.array(TEN), 56).effect
    holed = np.where(np.random.default_rng(2).random(panel.shape) < 0.1, np.nan, panel)
    assert measure(holed, np.array(TEN), 56).effect == pytest.approx(whole, abs=0.01)


def test_the_order_of_rows_does_not_matter() -> None:
    panel = lifted(steady(), TEN, 56, 0.05)
    days = np.tile(np.datetime64("2024-01-01") + np.arange(84), 30)
    geos = np.repeat([f"geo {i}" for i in range(30)], 84)
    mixed = np.random.default_rng(3).permutation(len(days))
    treated, start = [f"geo {i}" for i in TEN], date(2024, 2, 26)
    one = geo_lift(days, geos, panel.ravel(), treated, start)
    two = geo_lift(days[mixed], geos[mixed], panel.ravel()[mixed], treated, start)
    assert one == two == measure(panel, np.array(TEN), 56)


def test_values_of_any_unit_give_the_same_lift() -> None:
    panel = lifted(steady(), TEN, 56, 0.05)
    one, two = (measure(panel * unit, np.array(TEN), 56) for unit in (1.0, 1e6))
    assert two.effect == pytest.approx(one.effect, rel=1e-6)


def rows(geos: int, days: int) -> tuple[list[date], list[str], list[float]]:
    first = date(2024, 1, 1)
    cells = [(first + timedelta(days=t), f"geo {g}") for g in range(geos) for t in range(days)]
    return (
        [day for day, _ in cells],
        [geo for _, geo in cells],
        [1.0 + i % 5 for i in range(len(cells))],
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"treated": ["geo 9"]}, "'geo 9' has no rows", id="unknown geo"),
        pytest.param({"treated": []}, "both treated and untreated", id="nobody treated"),
        pytest.param({"treated": [f"geo {i}" for i in range(6)]}, "both treated", id="all treated"),
        pytest.param({"dates": rows(6, 40)[0][:-1]}, "not parallel", id="unequal columns"),
        pytest.param({"geos": ["geo 0", "geo 1"] * 120}, "two rows on 2024-01-01", id="duplicates"),
        pytest.param({"values": ["3 EUR"] * 240}, "one unit and currency", id="texts"),
        pytest.param({"start": "spring"}, "must be a date", id="no date"),
        pytest.param({"values": [1e200] * 240}, "larger than anything", id="huge"),
        pytest.param({"values": [5.0] * 240}, "no geo ever varied", id="constant"),
    ],
)
def test_columns_that_are_no_panel_are_refused(change: dict[str, Any], words: str) -> None:
    days, geos, values = rows(6, 40)
    given: dict[str, Any] = {"dates": days, "geos": geos, "values": values}
    given |= {"treated": ["geo 0", "geo 1"], "start": date(2024, 1, 29)}
    with pytest.raises(ValueError, match=words):
        geo_lift(**(given | change))


@pytest.mark.parametrize("start", [date(2024, 1, 5), date(2023, 1, 1), date(2025, 1, 1)])
def test_a_start_without_enough_before_or_after_is_refused(start: date) -> None:
    with pytest.raises(NotEnoughData, match="dates before the start"):
        geo_lift(*rows(6, 40), ["geo 0"], start)


def test_an_arm_that_sold_nothing_is_refused() -> None:
    days, geos, values = rows(6, 40)
    silent = [0.0 if geo == "geo 0" else value for geo, value in zip(geos, values, strict=True)]
    with pytest.raises(NotEnoughData, match="too few geos"):
        geo_lift(days, geos, silent, ["geo 0"], date(2024, 1, 29))


def test_short_simulation_false_claims_power_and_coverage() -> None:
    found = rates(markets(40, 120, 0.06), 0.5, count=60)
    assert found.false_claims <= 0.1
    assert found.power >= 0.85
    assert found.coverage >= 0.88


@pytest.mark.slow
@pytest.mark.parametrize(("share", "geos"), [(0.5, 40), (0.2, 40), (0.5, 100)])
def test_long_simulation_false_claims_stay_at_six_percent(share: float, geos: int) -> None:
    assert rates(markets(geos, 120, 0.08), share, count=600).false_claims <= 0.06 + 0.02


# Published: Abadie, Diamond & Hainmueller (2010) put the fall at about a quarter by 1995-2000.
@pytest.mark.skipif(not (DATA / "geo").is_dir(), reason="the geo data folder is not here")
def test_californias_tobacco_law_is_found() -> None:
    with (DATA / "geo" / "california_prop99.csv").open(newline="") as lines:
        table = list(csv.DictReader(lines))
    cells = [(row["Year"], state, row[state]) for row in table for state in row if state != "Year"]
    found = geo_lift(
        [f"{year}-01-01" for year, _, _ in cells],
        [state for _, state, _ in cells],
        [float(packs) for _, _, packs in cells],
        ["California"],
        "1989-01-01",
    )
    assert found.verdict == "loss"
    assert found.effect == pytest.approx(-0.25, abs=0.05)


# Reference: statsmodels 0.15.0, confint_proportions_2indep(compare="diff", method="newcomb") and
# (compare="ratio", method="log").
@pytest.mark.parametrize(
    ("treated", "held_out", "absolute", "ratio"),
    [
        pytest.param(
            (1000, 120), (1000, 90), (0.00309605, 0.05700957), (1.0292343, 1.727282), id="close"
        ),
        pytest.param(
            (21307, 3894),
            (21306, 2262),
            (0.06995331, 0.08322674),
            (1.6403849, 1.806426),
            id="clear",
        ),
        pytest.param((50, 7), (40, 1), (-0.01048449, 0.23858635), None, id="few conversions"),
        pytest.param((30, 0), (30, 4), (-0.29681327, 0.00567469), None, id="none converted"),
    ],
)
def test_shares_match_reference_intervals(
    treated: tuple[int, int],
    held_out: tuple[int, int],
    absolute: tuple[float, float],
    ratio: tuple[float, float] | None,
) -> None:
    found = holdout_lift(treated, held_out)
    assert (found.absolute_low, found.absolute_high) == pytest.approx(absolute, abs=1e-7)
    relative = (found.relative_low, found.relative_high)
    assert relative == (
        pytest.approx([one - 1 for one in ratio], abs=1e-6) if ratio else (None, None)
    )


# Reference: statsmodels 0.15.0, CompareMeans(...).tconfint_diff(usevar="unequal").
def test_means_match_welchs_interval() -> None:
    found = holdout_lift([0, 0, 5, 12, 3, 0, 8.5, 1], [0, 1, 0, 4, 2.5, 0])
    assert (found.absolute_low, found.absolute_high) == pytest.approx((-1.4630588, 6.3380588))
    assert found.verdict == "unknown"


def test_a_summary_says_what_its_values_say() -> None:
    values = [0.0, 2.0, 5.0, 1.0] * 30
    whole = SimpleNamespace(n=120, mean=np.mean(values), variance=np.var(values, ddof=1))
    assert holdout_lift(whole, [0.0, 1.0] * 50) == holdout_lift(values, [0.0, 1.0] * 50)


@pytest.mark.parametrize(
    ("treated", "held_out", "reason"),
    [
        pytest.param((5, 0), (7, 0), "nobody converted", id="no conversions"),
        pytest.param([3.0], [1.0, 2.0], "fewer than two", id="one observation"),
        pytest.param((0, 0), (10, 1), "fewer than two", id="empty arm"),
        pytest.param([5.0, 5.0], [4.0, 4.0], "no measure of chance", id="constant"),
    ],
)
def test_what_cannot_be_measured_is_unknown_without_a_number(
    treated: Any, held_out: Any, reason: str
) -> None:
    found = holdout_lift(treated, held_out)
    assert (found.verdict, found.absolute, found.relative) == ("unknown", None, None)
    assert reason in found.reason


@pytest.mark.parametrize("flat", [[0.0, 0.0], [3.0, 3.0, 3.0]])
def test_two_contacts_that_happen_to_agree_prove_nothing(flat: list[float]) -> None:
    others = [float(value) for value in np.random.default_rng(5).normal(5, 1.4, 100)]
    assert holdout_lift(flat, others).verdict == "unknown"
    assert holdout_lift(others, flat).verdict == "unknown"


def test_sales_where_no_held_out_contact_of_many_bought_are_a_lift() -> None:
    bought = [20.0] * 60 + [0.0] * 4_940
    found = holdout_lift(bought, [0.0] * 5_000)
    assert found.verdict == "lift"
    # Welch (1947) with the treated arm's variance on both sides: 0.24 +- 1.96 * sqrt(2 s2 / n)
    assert found.absolute_low == pytest.approx(
        0.24 - 1.9602 * 2.1778 * (2 / 5_000) ** 0.5, abs=1e-3
    )
    assert found.relative is None


@pytest.mark.parametrize(
    ("arm", "words"),
    [
        pytest.param((10, 11), "conversions from 0 to contacts", id="more than all"),
        pytest.param((10, -1), "conversions from 0", id="negative"),
        pytest.param((10.5, 2), "whole numbers", id="half a contact"),
        pytest.param([1.0, float("nan")], "finite numbers", id="nan"),
        pytest.param(["3 EUR", "4 EUR"], "must be numbers", id="texts"),
        pytest.param(SimpleNamespace(n=5, mean=1.0, variance=-1.0), "impossible", id="variance"),
    ],
)
def test_an_impossible_arm_is_refused(arm: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        holdout_lift(arm, (10, 1))


def test_a_level_that_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holdout_lift((10, 1), (10, 2), level=95)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 5000), st.integers(2, 5000), st.floats(0, 1), st.floats(0, 1))
def test_swapping_the_arms_turns_the_sign(n: int, m: int, p: float, q: float) -> None:
    a, b = (n, round(n * p)), (m, round(m * q))
    one, two = holdout_lift(a, b), holdout_lift(b, a)
    mirrored = {"lift": "loss", "loss": "lift", "unknown": "unknown"}
    assert two.verdict == mirrored[one.verdict]
    assert (two.absolute or 0.0) == pytest.approx(-(one.absolute or 0.0))


@pytest.mark.skipif(not (DATA / "rct").is_dir(), reason="the randomized mail data is not here")
@pytest.mark.parametrize(
    ("segment", "visits", "spend"),
    [("Mens E-Mail", 0.1828, 1.423), ("Womens E-Mail", 0.1514, 1.077)],
)
def test_known_mail_arms_lift_visits_and_spend(segment: str, visits: float, spend: float) -> None:
    with (DATA / "rct" / "hillstrom_russluber.csv").open(newline="") as lines:
        table = list(csv.DictReader(lines))
    mailed, not_mailed = (
        [row for row in table if row["segment"] == arm] for arm in (segment, "No E-Mail")
    )
    counts = [(len(arm), sum(int(row["visit"]) for row in arm)) for arm in (mailed, not_mailed)]
    money = [[float(row["spend"]) for row in arm] for arm in (mailed, not_mailed)]
    visited, spent = holdout_lift(counts[0], counts[1]), holdout_lift(money[0], money[1])
    assert visited.verdict == spent.verdict == "lift"
    assert visited.absolute == pytest.approx(visits - 0.1062, abs=1e-4)
    assert spent.absolute == pytest.approx(spend - 0.653, abs=1e-3)


def test_a_small_group_held_out_without_buyers_proves_no_lift() -> None:
    treated, held_out = Summary(3600, 1.0, 225.0), Summary(400, 0.2, 8.0)
    assert holdout_lift(treated, held_out).verdict == "unknown"
    assert holdout_lift(treated, Summary(3600, 0.2, 8.0)).verdict == "lift"
