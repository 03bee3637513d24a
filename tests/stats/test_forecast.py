"""Forecasts: exact on exact patterns, honest about the rest."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.forecast import score, spread
from benchmarks.kpi_series import DATA, kpi_series
from drumbeat.stats._forecast_weights import Smoother, weights
from drumbeat.stats.forecast import NotEnoughData, forecast

MONDAY = date(2024, 1, 1)
WEEK = [120.0, 100.0, 90.0, 95.0, 130.0, 210.0, 240.0]


def days(count: int, step: int = 1) -> list[date]:
    return [MONDAY + timedelta(days=step * i) for i in range(count)]


def noisy(count: int, seed: int = 7) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.1, count)
    return np.tile(WEEK, count // 7 + 1)[:count] * np.exp(noise)


def test_an_exact_week_is_continued_exactly() -> None:
    made = forecast(days(70), WEEK * 10, 14)
    assert made.mean == pytest.approx(WEEK * 2)
    assert made.low[95] == pytest.approx(made.high[95])
    assert made.dates[0] == MONDAY + timedelta(days=70)
    assert len(made.dates) == 14


@pytest.mark.parametrize("value", [0.0, 5.0, -3.0, 1e9])
def test_a_constant_series_does_not_tell_how_far_it_may_vary(value: float) -> None:
    with pytest.raises(NotEnoughData, match="never varied"):
        forecast(days(60), [value] * 60, 14)


# Reference: statsmodels 0.15.0, SimpleExpSmoothing(series, initialization_method="known",
# initial_level=series[0]).fit(smoothing_level=0.3, optimized=False).forecast(1).
def test_level_weights_are_simple_exponential_smoothing() -> None:
    series = np.random.default_rng(3).normal(50, 5, 140)
    made = series @ weights(Smoother(level=0.3, index=0.1), 140, 1, 3)
    assert made == pytest.approx([49.5151041] * 3, abs=1e-6)


def test_a_level_with_a_home_comes_back_to_it() -> None:
    series = np.append(np.full(133, 10.0), np.full(7, 20.0))
    away, home = (series @ weights(Smoother(rate, 0.1), 140, 7, 60) for rate in (0.7, 0.05))
    made = series @ weights(Smoother(0.7, 0.1, home=0.05, staying=0.8), 140, 7, 60)
    assert made[0] == pytest.approx(home[0] + 0.8 * (away[0] - home[0]))
    assert made[-1] == pytest.approx(home[-1], abs=0.001)


def test_slope_weights_continue_a_straight_line_damped() -> None:
    line = np.arange(140.0)
    made = line @ weights(Smoother(level=1 - 1e-9, index=0.1, slope=0.02, damping=0.8), 140, 1, 40)
    assert made[0] == pytest.approx(139 + 5 + 0.8)
    assert made[-1] == pytest.approx(139 + 5 + 4, abs=0.01)


def test_intervals_widen_with_the_level_and_never_with_less() -> None:
    made = forecast(days(400), noisy(400), 14, levels=(50, 80, 95))
    width = [made.high[level] - made.low[level] for level in (50, 80, 95)]
    assert (width[0] < width[1]).all()
    assert (width[1] < width[2]).all()
    assert (np.diff(width[2][::7]) >= 0).all()


@pytest.mark.parametrize("horizon", [1, 7, 30, 90])
def test_each_answer_has_the_horizon_asked(horizon: int) -> None:
    made = forecast(days(400), noisy(400), horizon)
    assert {len(made.mean), len(made.low[95]), len(made.high[80])} == {horizon}


def test_weekly_series_are_forecast_by_the_week() -> None:
    made = forecast(days(60, step=7), 100 + np.random.default_rng(1).normal(0, 5, 60), 8)
    assert made.dates[0] == MONDAY + timedelta(weeks=60)
    assert made.mean == pytest.approx([100.0] * 8, abs=5)


def test_a_week_after_its_level_has_shifted_is_expected_where_it_now_is() -> None:
    """Twelve weeks measured one way and a few another: no slope leads on down from there."""
    before = [72.0, 77, 81, 81, 80, 84, 72, 79, 79, 59, 76, 65]
    since = [33.0, 11, 14, 15, 13]
    made = forecast(days(17, step=7), before + since, 1, (80,))
    assert min(since) <= made.mean[0] <= max(since)
    low, high = made.low[80][0], made.high[80][0]
    assert low < 0.8 * made.mean[0]
    assert high > 1.2 * made.mean[0]


def test_an_80_percent_interval_holds_most_weeks_of_short_simulated_series() -> None:
    chance, inside, rounds = np.random.default_rng(11), 0, 300
    for _ in range(rounds):
        count = int(chance.integers(13, 27))
        level = np.cumsum(chance.normal(0, 0.08, count + 1)) + chance.normal(0, 0.15, count + 1)
        values = 200 * np.exp(level)
        made = forecast(days(count, step=7), values[:-1], 1, (80,))
        inside += made.low[80][0] <= values[-1] <= made.high[80][0]
    assert 0.72 <= inside / rounds <= 0.9


def test_gaps_and_missing_values_are_the_same() -> None:
    values = noisy(200)
    rows = [i for i in range(200) if i not in {50, 51, 120}]
    holed = values.copy()
    holed[[50, 51, 120]] = math.nan
    without = forecast([days(200)[i] for i in rows], values[rows], 14)
    with_nan = forecast(days(200), holed, 14)
    assert without.mean == pytest.approx(with_nan.mean)


def test_unmeasured_last_days_are_forecast_over() -> None:
    values = noisy(200)
    short = forecast(days(197), values[:197], 17)
    values[197:] = math.nan
    made = forecast(days(200), values, 14)
    assert made.dates == short.dates[3:]
    assert made.mean == pytest.approx(short.mean[3:])


def test_a_single_spike_hardly_moves_the_forecast() -> None:
    values = noisy(200)
    calm = forecast(days(200), values, 14).mean
    values[190] *= 50
    assert forecast(days(200), values, 14).mean == pytest.approx(calm, rel=0.1)


def test_a_yearly_season_is_seen_coming() -> None:
    season = 1000 * np.exp(0.5 * np.sin(2 * np.pi * np.arange(1114) / 364))
    made = forecast(days(1100), season[:1100], 14)
    flat = forecast(days(300), season[800:1100], 14)
    truth = season[1100:]
    assert np.abs(made.mean - truth).mean() < 0.6 * np.abs(flat.mean - truth).mean()


CHRISTMAS = (date(2022, 12, 25), date(2023, 12, 25), date(2024, 12, 25))
FOURTH_THURSDAY = (date(2022, 11, 24), date(2023, 11, 23), date(2024, 11, 28))
MONDAY_OF_LABOUR = (date(2022, 9, 5), date(2023, 9, 4), date(2024, 9, 2))


@pytest.mark.parametrize(
    ("year_by_year", "times", "expected"),
    [
        pytest.param(CHRISTMAS, (0.2, 0.3), 0.5, id="the same date"),
        pytest.param(FOURTH_THURSDAY, (0.3, 0.2), 0.5, id="the same Thursday of its month"),
        pytest.param(MONDAY_OF_LABOUR, (4.0, 3.0), 2.0, id="higher, and a Monday"),
        pytest.param(CHRISTMAS, (1.0, 0.2), 1.0, id="one year alone may be chance"),
        pytest.param(CHRISTMAS, (3.0, 0.2), 1.0, id="up one year and down the next"),
    ],
)
def test_days_odd_every_year_are_expected_to_be_so_again(
    year_by_year: tuple[date, ...], times: tuple[float, ...], expected: float
) -> None:
    start, *_, coming = date(2022, 1, 1), *year_by_year
    count = (coming - start).days - 5
    usual = noisy(count)
    plain = forecast([start + timedelta(days=i) for i in range(count)], usual, 14)
    for day, factor in zip(year_by_year, times, strict=False):
        usual[(day - start).days] *= factor
    made = forecast([start + timedelta(days=i) for i in range(count)], usual, 14)
    assert made.dates[5] == coming
    change = made.mean / plain.mean
    if expected == 1.0:
        assert change == pytest.approx(np.ones(14), abs=0.1)
    else:
        assert (change[5] < expected) if expected < 1 else (change[5] > expected)
        assert np.delete(change, 5) == pytest.approx(np.ones(13), abs=0.1)
    assert made.low[80][5] < made.mean[5] < made.high[80][5]


@pytest.mark.parametrize(
    "holidays",
    [
        pytest.param([days(500)[i] for i in (100, 200, 300, 403)], id="days"),
        pytest.param({days(500)[i]: "fair" for i in (100, 200, 300, 403)}, id="named"),
    ],
)
def test_a_coming_holiday_takes_the_effect_of_past_ones(holidays: Any) -> None:
    values = noisy(400)
    values[[100, 200, 300]] *= 0.1
    plain = forecast(days(400), values, 14)
    made = forecast(days(400), values, 14, holidays=holidays)
    assert made.mean[3] < 0.3 * plain.mean[3]
    assert made.mean[4] == pytest.approx(plain.mean[4], rel=0.1)


def test_a_holiday_never_seen_changes_nothing() -> None:
    values = noisy(400)
    plain, made = (
        forecast(days(400), values, 14, holidays=known) for known in (None, [days(410)[405]])
    )
    assert (plain.mean == made.mean).all()


@pytest.mark.parametrize(
    "as_given",
    [
        pytest.param(lambda day: datetime(day.year, day.month, day.day, 23), id="naive"),
        pytest.param(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC), id="utc"),
        pytest.param(
            lambda day: datetime(
                day.year, day.month, day.day, 2, 30, tzinfo=ZoneInfo("Europe/Rome")
            ),
            id="in the hour daylight saving skips",
        ),
        pytest.param(lambda day: np.datetime64(day), id="datetime64"),
        pytest.param(lambda day: day.isoformat(), id="text"),
    ],
)
def test_any_kind_of_date_gives_the_same_forecast(as_given: Any) -> None:
    values = noisy(150)
    expected = forecast(days(150), values, 7)
    made = forecast([as_given(day) for day in days(150)], values, 7)
    assert made.dates == expected.dates
    assert (made.mean == expected.mean).all()


@pytest.mark.parametrize(
    ("dates", "values", "horizon", "words"),
    [
        pytest.param(days(60)[::-1], [1.0] * 60, 7, "sort the rows", id="reversed"),
        pytest.param([MONDAY, *days(59)], [1.0] * 60, 7, "appears twice", id="duplicate"),
        pytest.param(days(60), [1.0] * 59, 7, "do not pair", id="unequal"),
        pytest.param(days(60), [1.0] * 59 + [math.inf], 7, "59 is infinite", id="infinite"),
        pytest.param(days(60), ["1 EUR", "2 USD"] * 30, 7, "one unit", id="mixed currencies"),
        pytest.param(days(60, step=3), [1.0] * 60, 7, "usually 3 days apart", id="cadence"),
        pytest.param(["soon"] * 60, [1.0] * 60, 7, "entry 0 must be a date", id="no date"),
        pytest.param(days(60), [1.0] * 60, 0, "from 1 on", id="no horizon"),
        pytest.param(days(900), [1.0] * 900, 400, "more than a year", id="too far"),
        pytest.param(days(60), [[1.0]] * 60, 7, "one column", id="two columns"),
    ],
)
def test_input_that_is_no_series_is_refused(
    dates: list[Any], values: list[Any], horizon: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        forecast(dates, values, horizon)


@pytest.mark.parametrize(
    ("count", "horizon", "values"),
    [
        pytest.param(1, 1, [1.0], id="one observation"),
        pytest.param(0, 1, [], id="none"),
        pytest.param(34, 14, [1.0] * 34, id="one day short"),
        pytest.param(60, 14, [math.nan] * 60, id="never measured"),
        pytest.param(80, 7, [1.0] + [math.nan] * 78 + [1.0], id="hardly measured"),
    ],
)
def test_too_short_a_past_is_said_so(count: int, horizon: int, values: list[float]) -> None:
    with pytest.raises(NotEnoughData):
        forecast(days(count), values, horizon)


def test_the_shortest_past_allowed_is_enough() -> None:
    assert np.isfinite(forecast(days(35), noisy(35), 14).mean).all()


@pytest.mark.parametrize("levels", [(80, 100), (0,), (math.nan,), ("80",)])
def test_levels_outside_a_percentage_are_refused(levels: Any) -> None:
    with pytest.raises(ValueError, match=r"levels .* got"):
        forecast(days(60), [1.0] * 60, 7, levels=levels)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=42, max_size=90), st.integers(1, 14))
def test_counts_never_forecast_below_zero_and_always_between_their_bounds(
    values: list[int], horizon: int
) -> None:
    assume(len(set(values)) > 1)
    made = forecast(days(len(values)), [float(value) for value in values], horizon)
    assert np.isfinite(made.high[95]).all()
    assert (made.low[95] >= 0).all()
    assert (made.low[95] <= made.low[80] + 1e-9).all()
    assert (made.low[80] <= made.mean + 1e-9).all()
    assert (made.mean <= made.high[80] + 1e-9).all()


def test_a_95_percent_interval_holds_95_percent_of_simulated_days() -> None:
    series = noisy(800)
    inside = []
    for origin in range(300, 780, 15):
        made = forecast(days(origin), series[:origin], 14)
        came = series[origin : origin + 14]
        inside.append(np.mean((made.low[95] <= came) & (came <= made.high[95])))
    assert 0.93 <= float(np.mean(inside)) <= 0.99


@pytest.mark.skipif(not (DATA / "kpi").is_dir(), reason="the KPI data folder is not here")
def test_accuracy_and_coverage_hold_on_real_kpis() -> None:
    scores = [score(series, spread(10)) for _, series in kpi_series()]
    assert float(np.mean([one.mase for one in scores])) <= 0.95
    assert float(np.mean([one.naive_mase for one in scores])) > 1.05
    assert 0.92 <= float(np.mean([one.inside_95 for one in scores])) <= 0.98
