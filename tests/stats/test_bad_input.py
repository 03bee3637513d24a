"""Whatever a file may hold: every public function names what is wrong, or says "unknown"."""

import math
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.stats import cuped, means, multiplicity, power, proportions, response, shrinkage, srm
from drumbeat.stats.allocation import ChannelHistory, FittedCurve, LiftTest, allocate, fit_curves
from drumbeat.stats.anomaly import Detector
from drumbeat.stats.forecast import forecast
from drumbeat.stats.incrementality import geo_lift, holdout_lift
from drumbeat.stats.sequential import (
    SequentialDesign,
    Summary,
    chance_to_find,
    read,
    sample_size,
)

DAYS = [date(2026, 3, 1) + timedelta(day) for day in range(60)]
WAVE = [100 + 10 * (day % 7) + 3 * math.sin(day * day) for day in range(60)]
PANEL = [(day, f"g{geo}", 50 + geo + math.sin(at * geo)) for at, day in enumerate(DAYS)
         for geo in range(4)]  # fmt: skip
ARM, DESIGN = Summary(100, 0.1, 0.09), SequentialDesign(0.05, 1000, 2)
PRIOR = shrinkage.fit([[(10, 100), (12, 100)]])
HISTORY = {"search": ChannelHistory(DAYS, WAVE, WAVE)}
CURVES: dict[str, response.Curve] = {"a": response.Logarithmic(1, 10), "b": response.Hill(5, 20, 2)}

DOORS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "Detector": (Detector, {"threshold": 0.5, "repeat_days": 2.0, "repeat_margin": 4.0}),
    "update": (lambda **one: Detector().update(**one), {"timestamp": DAYS[0], "value": 5.0}),
    "SequentialDesign": (
        lambda **plan: SequentialDesign(**plan).bounds,
        {"alpha": 0.05, "max_n": 1000, "looks": 2, "spending": "pocock", "overshoot": 0.0},
    ),
    "Summary": (Summary, {"n": 10, "mean": 0.1, "variance": 0.2}),
    "proportion": (Summary.proportion, {"successes": 1, "trials": 5}),
    "sample": (Summary.sample, {"values": [1.0, 2.0]}),
    "read": (read, {"design": DESIGN, "control": ARM, "treatment": ARM}),
    "sample_size": (
        sample_size,
        {"baseline": 0.05, "lift": 0.2, "variance": None, "alpha": 0.05, "power": 0.8, "looks": 2},
    ),
    "chance_to_find": (chance_to_find, {"design": DESIGN, "baseline": 0.05, "lift": 0.2}),
    "srm": (srm.check, {"counts": [[10, 11], [20, 19]], "expected": [1, 1], "by": ["a", "b"]}),
    "fit": (shrinkage.fit, {"tests": [[(10, 100), (12, 100)]]}),
    "estimate": (PRIOR.estimate, {"counts": [(1, 10), (2, 10)]}),
    "cuped": (
        cuped.adjust,
        dict.fromkeys(("control", "control_before", "treatment", "treatment_before"), WAVE),
    ),
    "holm": (multiplicity.holm, {"p_values": [0.1, 0.2]}),
    "benjamini_hochberg": (multiplicity.benjamini_hochberg, {"p_values": [0.1, 0.2]}),
    "forecast": (
        forecast,
        {"dates": DAYS, "values": WAVE, "horizon": 7, "levels": (80,), "holidays": None},
    ),
    "geo_lift": (
        geo_lift,
        {
            "dates": [row[0] for row in PANEL],
            "geos": [row[1] for row in PANEL],
            "values": [row[2] for row in PANEL],
            "treated": ["g0", "g1"],
            "start": DAYS[40],
        },
    ),
    "holdout_lift": (holdout_lift, {"treated": (100, 10), "held_out": (100, 8), "level": 0.95}),
    "allocate": (allocate, {"curves": CURVES, "total": 100, "bounds": {"a": (0, 50)}}),
    "fit_curves": (fit_curves, {"history": HISTORY, "lift_tests": None}),
    "ChannelHistory": (ChannelHistory, {"dates": DAYS, "spend": WAVE, "response": WAVE}),
    "LiftTest": (
        LiftTest,
        {"channel": "a", "spend_low": 1, "spend_high": 2, "effect": 1, "error": 1},
    ),
    "wilson": (proportions.wilson, {"successes": 1, "trials": 5, "alpha": 0.05}),
    "compare shares": (
        proportions.compare,
        {"control": (1, 5), "treatment": (2, 5), "alpha": 0.05},
    ),
    "compare means": (means.compare, {"control": ARM, "treatment": ARM, "alpha": 0.05}),
    "winsorize": (means.winsorize, {"control": WAVE, "treatment": WAVE, "keep": 0.99}),
    "size of shares": (
        power.proportions_sample_size,
        {"baseline": 0.1, "lift": 0.1, "alpha": 0.05, "power": 0.8},
    ),
    "size of means": (power.means_sample_size, {"effect": 0.1, "variance": 1.0}),
}
JUNK: list[Any] = [
    None, math.nan, -math.inf, -1, 1e308, 10**400, "", "€5", [], [None], [math.nan], [1e308] * 2,
    [-1e308, 1e308], {}, {"a": None}, object(), DAYS[0], b"x", 1 + 2j, Decimal("1.5"),
    np.zeros((2, 2)), np.array(3.0), [[1, 2], [3]], (1, 2), len,
]  # fmt: skip
# What Python and numpy say when nobody looked first.
BARE = ("could not convert", "inhomogeneous", "truth value", "unpack", "zero-size", "broadcast")
OUTLETS = [(door, argument) for door, (_, usual) in DOORS.items() for argument in usual]


def _refusal(call: Callable[..., Any], arguments: dict[str, Any]) -> str:
    try:
        call(**arguments)
    except ValueError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(("door", "argument"), OUTLETS)
def test_junk_is_answered_or_refused_in_words(door: str, argument: str) -> None:
    call, usual = DOORS[door]
    said = [_refusal(call, {**usual, argument: junk}) for junk in JUNK]
    assert [words for words in said if any(bare in words for bare in BARE)] == []


@pytest.mark.parametrize(
    ("door", "argument", "junk", "words"),
    [
        ("read", "control", (100, 0.1, 0.09), "control must be a Summary"),
        ("sample_size", "lift", "20 %", "lift must be a finite number"),
        ("sample_size", "lift", 1e-30, "too small to find"),
        ("wilson", "successes", "1", "successes must be a finite number"),
        ("fit_curves", "history", None, "history must be a list, got None"),
        ("fit_curves", "history", [5], "date, channel, spend and response; row 0 is 5"),
        ("fit_curves", "lift_tests", [None], "lift test 0 must be a LiftTest"),
        ("update", "value", "12 clicks", "value must be a number, or None"),
        ("update", "timestamp", "1 March", "timestamp must be a date"),
        ("cuped", "control_before", [math.nan] * 60, "entry 0 is nan"),
        ("forecast", "holidays", 5, "holidays must be a list"),
        ("geo_lift", "start", np.datetime64("NaT"), "start is no date"),
        ("holm", "p_values", "0.05", "p-values must be one column"),
        ("allocate", "curves", "search", "curves must be a Mapping"),
    ],
)
def test_a_refusal_says_what_where_and_what_it_got(
    door: str, argument: str, junk: Any, words: str
) -> None:
    call, usual = DOORS[door]
    with pytest.raises(ValueError, match=words):
        call(**{**usual, argument: junk})


def test_a_small_town_without_sales_in_the_last_weeks_is_no_infinite_change() -> None:
    values = [0.0 if geo == "g0" and DAYS[20] <= day < DAYS[40] else sold
              for day, geo, sold in PANEL]  # fmt: skip
    found = geo_lift([r[0] for r in PANEL], [r[1] for r in PANEL], values, ["g1"], DAYS[40])
    assert np.isfinite([found.effect, found.low, found.high, found.p_value]).all()


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.sampled_from([0, 1, 60, -3600, 3600, 86_400, 10**8]), max_size=80),
    values=st.lists(
        st.one_of(st.none(), st.floats(), st.sampled_from([0.0, 1.0, 1e99])), min_size=80
    ),
)
def test_any_stream_of_values_is_judged_by_finite_numbers(
    steps: list[int], values: list[float | None]
) -> None:
    detector, at = Detector(), datetime(2026, 3, 29)
    for step, value in zip(steps, values, strict=False):
        at += timedelta(seconds=step)
        score = detector.update(at, value)
        assert 0 <= score.score <= 1
        assert math.isnan(score.expected) or score.low <= score.expected <= score.high


MIXED = st.sampled_from([0.0, 1.0, -1e99, 1e-99, 1e-300, 5e-324, 1e8, 1e99])


@settings(max_examples=40, deadline=None)
@given(odd=st.lists(MIXED, min_size=1, max_size=4), every=st.integers(1, 60))
def test_geos_of_any_mixture_are_refused_by_name_or_answered_by_numbers(
    odd: list[float], every: int
) -> None:
    values = [odd[at % len(odd)] if at % every == 0 else row[2] for at, row in enumerate(PANEL)]
    try:
        found = geo_lift([r[0] for r in PANEL], [r[1] for r in PANEL], values, ["g1"], DAYS[40])
    except ValueError as error:
        said = str(error)
    else:
        said = "usual" * bool(np.isfinite([found.effect, found.low, found.high]).all())
    assert any(word in said for word in ("usual", "geo"))


@settings(max_examples=60, deadline=None)
@given(
    odd=st.lists(MIXED, min_size=1, max_size=4),
    every=st.integers(1, 60),
    tests=st.lists(st.tuples(MIXED, MIXED, MIXED, MIXED), max_size=3),
)
def test_curves_of_any_mixture_are_refused_by_name_unknown_or_finite(
    odd: list[float], every: int, tests: list[tuple[float, float, float, float]]
) -> None:
    spend = [abs(odd[at % len(odd)]) if at % every == 0 else WAVE[at] for at in range(60)]
    try:
        known = [LiftTest("a", *numbers) for numbers in tests]
        found = fit_curves({"a": ChannelHistory(DAYS, spend, WAVE[::-1])}, known)["a"]
    except ValueError as error:
        said = str(error)
    else:
        slopes = (found.marginal_low, found.marginal_high) if isinstance(found, FittedCurve) else ()
        said = "finite" if np.isfinite(slopes).all() else ""
    assert any(word in said for word in ("usual", "expected", "counted", "finite"))


def test_a_column_of_mixed_units_is_refused_where_they_mix() -> None:
    spend = [*WAVE[:30], 1e99, *WAVE[31:]]
    with pytest.raises(ValueError, match=r"spend: entry 30 is 1e\+99 where 1.* is usual"):
        ChannelHistory(DAYS, spend, WAVE)
    with pytest.raises(ValueError, match="smaller than anything that is counted"):
        ChannelHistory(DAYS, [1e-300 * one for one in WAVE], WAVE)


def test_crumbs_of_rounding_are_no_other_unit() -> None:
    spend = [*WAVE[:30], 5e-17, *WAVE[31:]]
    assert ChannelHistory(DAYS, spend, WAVE).complete()[1][30] == 0.0


class _Missing:
    """What data frames put where a number is not there: it does not even equal itself."""

    def __eq__(self, other: object) -> "_Missing":  # type: ignore[override]
        return self

    __ne__ = __eq__  # type: ignore[assignment]
    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    def __repr__(self) -> str:
        return "<NA>"


GEO = DOORS["geo_lift"][1]
COLUMNS = {"dates": DAYS, "spend": WAVE, "response": WAVE}


@pytest.mark.parametrize(
    ("door", "usual", "form"),
    [
        ("Summary", {"n": 0, "mean": 0.0, "variance": 0.0}, {"mean": math.nan, "variance": None}),
        ("Summary", {"n": 1, "mean": 0.5, "variance": 0.0}, {"variance": math.nan}),
        ("SequentialDesign", {}, {"looks": 2.0}),
        ("SequentialDesign", {}, {"looks": np.array([0.5, 1.0])}),
        ("sample_size", {"looks": 1}, {"looks": [1.0]}),
        ("update", {}, {"timestamp": "2026-03-01"}),
        ("update", {}, {"timestamp": np.datetime64("2026-03-01", "ns")}),
        ("update", {"value": None}, {"value": _Missing()}),
        ("fit", {}, {"tests": {"june": {"a": (10, 100), "b": (12, 100)}}}),
        ("estimate", {}, {"counts": {"a": (1, 10), "b": (2, 10)}}),
        ("forecast", {"holidays": [DAYS[3]]}, {"holidays": DAYS[3]}),
        ("forecast", {"holidays": {DAYS[3]: "fair"}}, {"holidays": {"fair": str(DAYS[3])}}),
        ("forecast", {"holidays": {DAYS[3]: "fair"}}, {"holidays": {"fair": [DAYS[3]]}}),
        ("geo_lift", {}, {"treated": [geo in ("g0", "g1") for geo in GEO["geos"]]}),
        ("geo_lift", {"geos": [geo[1:] for geo in GEO["geos"]], "treated": ["0", "1"]},
         {"geos": [float(geo[1:]) for geo in GEO["geos"]], "treated": [0, 1]}),
        ("allocate", {}, {"bounds": [(0, 50), (None, None)]}),
        ("allocate", {}, {"bounds": {"a": (None, 50), "b": (0, math.inf)}}),
        ("fit_curves", {}, {"history": {"search": COLUMNS}}),
        ("fit_curves", {}, {"history": {**COLUMNS, "date": DAYS, "channel": ["search"] * 60}}),
        ("fit_curves", {"lift_tests": [LiftTest("search", 1, 2, 1, 1)]},
         {"lift_tests": [asdict(LiftTest("search", 1, 2, 1, 1))]}),
    ],
)  # fmt: skip
def test_a_form_people_have_at_hand_means_the_same(
    door: str, usual: dict[str, Any], form: dict[str, Any]
) -> None:
    call, arguments = DOORS[door]
    plain = {**arguments, **usual}
    assert str(call(**{**plain, **form})) == str(call(**plain))


@pytest.mark.parametrize(
    ("door", "argument", "junk", "words"),
    [
        ("forecast", "levels", (0.8, 0.95), "percentages from 1 to below 100, got 0.8"),
        ("forecast", "dates", [*DAYS[:9], None, *DAYS[10:]], "dates: entry 9 is missing"),
        ("forecast", "dates", [datetime(2026, 3, 1, hour % 24) for hour in range(60)],
         "2026-03-01 has several times of day"),
        ("forecast", "holidays", {"fair": "soon"}, "holidays: entry 0 must be a date"),
        ("geo_lift", "geos", [None, *GEO["geos"][1:]], "geos: entry 0 is missing"),
        ("geo_lift", "treated", ["g9"], "treated geo 'g9' has no rows; there are"),
        ("holdout_lift", "treated", [100, 10], "looks like contacts and conversions"),
        ("srm", "by", [{"Mon": 5}], "one label for each row"),
        ("allocate", "bounds", [(0, 50)], r"one \(low, high\) a channel, got 1 for 2"),
        ("allocate", "curves", {"a": lambda spend: -spend, "b": CURVES["b"]}, "curve of 'a' falls"),
        ("allocate", "curves", {**CURVES, "a": lambda _: "much"}, "curve of 'a' answers 'much'"),
        ("fit_curves", "lift_tests", [{"channel": "search"}], "lift test 0 needs channel, spend_"),
        ("fit_curves", "history", {"search": {"dates": DAYS}}, "search: dates, spend and response"),
        ("SequentialDesign", "looks", [500, 1000], "fractions of max_n that rise"),
    ],
)  # fmt: skip
def test_what_only_looks_right_is_refused(door: str, argument: str, junk: Any, words: str) -> None:
    call, usual = DOORS[door]
    with pytest.raises(ValueError, match=words):
        call(**{**usual, argument: junk})


def test_numbers_of_half_the_width_are_numbers() -> None:
    narrow = Summary(np.int32(100), np.float32(0.5), np.float32(0.25))  # type: ignore[arg-type]
    assert read(DESIGN, narrow, ARM).decision == read(DESIGN, Summary(100, 0.5, 0.25), ARM).decision


def test_any_function_of_spend_is_a_curve() -> None:
    given = {name: curve.value for name, curve in CURVES.items()}
    spend, known = allocate(given, 100).spend, allocate(CURVES, 100)
    assert [spend[name] for name in known.spend] == pytest.approx(list(known.spend.values()), abs=2)
    assert sum(CURVES[name].value(one) for name, one in spend.items()) >= known.response * 0.999
