import math
import pickle
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.stats.anomaly import Detector, Reason, Score
from tests.stats.anomaly_series import ad_exchange, social_volume

START = datetime(2026, 1, 5)
HOUR = timedelta(hours=1)


def hourly(days: int = 20, seed: int = 7, noise: float = 1.0) -> list[float]:
    rng = np.random.default_rng(seed)
    hours = np.arange(24 * days)
    wave = 50.0 + 10.0 * np.cos(2 * np.pi * hours / 24)
    return [float(value) for value in wave + noise * rng.normal(size=len(hours))]


def judge(
    values: Sequence[Any],
    timestamps: Sequence[date] | None = None,
    detector: Detector | None = None,
) -> list[Score]:
    detector = detector or Detector()
    timestamps = timestamps or [START + index * HOUR for index in range(len(values))]
    return [detector.update(at, value) for at, value in zip(timestamps, values, strict=True)]


def alerts(scores: Sequence[Score]) -> list[int]:
    return [index for index, score in enumerate(scores) if score.is_anomaly]


def test_a_spike_in_a_daily_wave_is_an_anomaly_and_nothing_else_is() -> None:
    values = hourly()
    values[400] = 90.0
    scores = judge(values)
    assert alerts(scores) == [400]
    assert scores[400].score > 0.75
    assert scores[400].high < 90.0


def test_a_value_usual_at_noon_is_an_anomaly_at_midnight() -> None:
    values = hourly(days=60)
    midnight = 50 * 24
    values[midnight] = 50.0 - 10.0
    scores = judge(values)
    assert alerts(scores) == [midnight]
    assert min(values[midnight - 24 : midnight]) < 40.0


def test_a_drop_is_an_anomaly_as_a_rise_is() -> None:
    values = hourly()
    values[400:406] = [0.0] * 6
    found = alerts(judge(values))
    assert found[0] == 400
    assert found[-1] < 406


def test_a_shift_of_level_is_told_once_and_then_becomes_the_usual() -> None:
    values = hourly(days=60)
    shifted = values[:720] + [value + 30.0 for value in values[720:]]
    found = alerts(judge(shifted))
    assert found[0] == 720
    assert len(found) <= 4


def test_a_score_does_not_depend_on_later_values() -> None:
    series = social_volume(seed=3, points=3000)
    whole = judge(series.values, series.timestamps)
    part = judge(series.values[:1700], series.timestamps[:1700])
    assert repr(whole[:1700]) == repr(part)


def test_the_state_does_not_grow() -> None:
    series = social_volume(seed=4, points=6000)
    detector = Detector()
    judge(series.values[:4000], series.timestamps[:4000], detector)
    size = len(pickle.dumps(detector))
    judge(series.values[4000:], series.timestamps[4000:], detector)
    assert len(pickle.dumps(detector)) == pytest.approx(size, rel=0.02)


@pytest.mark.parametrize(
    "factor",
    [
        pytest.param(1e9, id="billions"),
        pytest.param(1e-6, id="millionths"),
        pytest.param(-3.0, id="upside down"),
    ],
)
def test_scores_do_not_depend_on_the_unit(factor: float) -> None:
    series = ad_exchange(seed=5)
    plain = judge(series.values, series.timestamps)
    scaled = judge([factor * value for value in series.values], series.timestamps)
    assert [score.score for score in scaled] == pytest.approx(
        [score.score for score in plain], abs=1e-6
    )


@pytest.mark.parametrize("missing", [math.nan, math.inf, -math.inf, None, -1e300])
def test_a_missing_value_is_said_to_be_missing_and_teaches_nothing(missing: Any) -> None:
    values = hourly()
    with_gap = [*values[:300], missing, *values[300:]]
    timestamps = [START + index * HOUR for index in range(len(values))]
    stamped = [*timestamps[:300], timestamps[299], *timestamps[300:]]
    scores = judge(with_gap, stamped)
    gap = scores.pop(300)
    assert (gap.score, gap.is_anomaly, gap.reason) == (0.0, False, Reason.MISSING)
    assert repr(scores) == repr(judge(values))


def test_a_series_of_nothing_but_missing_values_stays_unknown() -> None:
    scores = judge([math.nan] * 500)
    assert {score.reason for score in scores} == {Reason.MISSING}
    assert all(math.isnan(score.expected) for score in scores)


@pytest.mark.parametrize(
    ("minutes", "points"),
    [
        pytest.param(5, 254, id="5 minutes: a day"),
        pytest.param(60, 44, id="hours: two days"),
        pytest.param(1440, 16, id="days: two weeks"),
    ],
)
def test_the_first_days_are_learning_and_their_interval_unknown(minutes: int, points: int) -> None:
    values = hourly()
    scores = judge(values, [START + index * timedelta(minutes=minutes) for index in range(480)])
    first, later = scores[:points], scores[points:]
    assert {score.reason for score in first} == {Reason.LEARNING}
    assert all(math.isnan(score.low) and math.isnan(score.high) for score in first)
    assert Reason.LEARNING not in {score.reason for score in later}


def test_a_constant_series_is_never_an_anomaly_until_it_changes() -> None:
    values = [42.0] * 500 + [43.0] + [42.0] * 20
    scores = judge(values)
    assert alerts(scores) == [500]
    assert max(score.score for score in scores[:500]) == 0.0
    assert scores[499].expected == 42.0


def test_a_gap_of_a_week_is_no_anomaly() -> None:
    values = hourly(days=28)
    timestamps = [START + index * HOUR for index in range(len(values))]
    scores = judge(values[:336] + values[504:], timestamps[:336] + timestamps[504:])
    assert alerts(scores) == []


def test_repeated_and_late_timestamps_are_judged_without_raising() -> None:
    values = hourly()
    timestamps = [START + index * HOUR for index in range(len(values))]
    timestamps[100:110] = [timestamps[99]] * 10
    timestamps[200], timestamps[201] = timestamps[201], timestamps[200]
    timestamps[300] = START - timedelta(days=900)
    values[450] = 120.0
    assert alerts(judge(values, timestamps)) == [450]


def test_one_timestamp_for_every_value_raises_nothing_and_claims_nothing() -> None:
    assert alerts(judge(hourly(), [START] * 480)) == []


def test_naive_timestamps_are_read_as_utc_and_may_be_mixed_with_aware_ones() -> None:
    series = ad_exchange(seed=6)
    mixed = [
        at.replace(tzinfo=zone)
        for at, zone in zip(series.timestamps, [None, UTC] * 800, strict=True)
    ]
    assert repr(judge(series.values, mixed)) == repr(judge(series.values, series.timestamps))


def test_the_hour_of_the_day_is_that_of_the_timestamp_s_own_zone() -> None:
    series = ad_exchange(seed=6)
    tokyo = [at.replace(tzinfo=timezone(timedelta(hours=9))) for at in series.timestamps]
    ours = judge(series.values, series.timestamps)
    assert repr(judge(series.values, tokyo)) == repr(ours)


def test_nearly_all_points_of_a_burst_are_repeats() -> None:
    values = hourly()
    values[400:420] = [90.0] * 20
    scores = judge(values)
    found = alerts(scores)
    assert found[0] == 400
    assert len(found) <= 3
    assert scores[401].reason is Reason.REPEAT
    assert scores[401].score < 0.5


def test_a_far_larger_event_is_told_although_another_was_just_told() -> None:
    values = hourly()
    values[400], values[410] = 75.0, 400.0
    assert alerts(judge(values)) == [400, 410]


def test_a_higher_threshold_asks_for_rarer_values() -> None:
    series = social_volume(seed=8, points=6000)
    few = alerts(judge(series.values, series.timestamps, Detector(threshold=0.75)))
    many = alerts(judge(series.values, series.timestamps, Detector(threshold=0.4)))
    assert len(few) < len(many)


def test_scores_lie_between_zero_and_one_and_agree_with_the_flag() -> None:
    series = social_volume(seed=9, points=4000)
    scores = judge(series.values, series.timestamps)
    assert all(0.0 <= score.score <= 1.0 for score in scores)
    assert [score.is_anomaly for score in scores] == [score.score >= 0.5 for score in scores]


def test_the_interval_holds_the_expected_value_and_nearly_every_other() -> None:
    scores = judge(hourly(days=60))
    known = [(score, value) for score, value in zip(scores, hourly(days=60), strict=True)][48:]
    assert all(score.low <= score.expected <= score.high for score, _ in known)
    inside = [score.low <= value <= score.high for score, value in known]
    assert sum(inside) / len(inside) > 0.995


@pytest.mark.parametrize("threshold", [0.0, 1.0, -1.0, math.nan])
def test_a_threshold_that_is_no_score_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Detector(threshold=threshold)


def test_daily_values_learn_their_weekdays() -> None:
    rng = np.random.default_rng(11)
    week = np.array([100.0, 100.0, 160.0, 100.0, 100.0, 60.0, 60.0])
    values = [float(value) for value in np.tile(week, 52) * np.exp(0.03 * rng.normal(size=364))]
    values[51 * 7 + 1] = 160.0
    days = [START + timedelta(days=index) for index in range(364)]
    found = alerts(judge(values, days))
    assert found[-1] == 51 * 7 + 1
    assert len(found) <= 3


def test_a_date_is_its_midnight_and_any_number_a_float() -> None:
    days = [START + timedelta(days=index) for index in range(40)]
    values = [float(7 * index % 5) for index in range(40)]
    plain = judge(values, days)
    other: list[Any] = [np.float32(values[0]), Decimal(values[1]), *map(int, values[2:])]
    assert repr(judge(other, [at.date() for at in days])) == repr(plain)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.datetimes(timezones=st.none() | st.timezones()),
            st.none() | st.floats() | st.integers(0, 9).map(float),
        ),
        max_size=120,
    )
)
def test_whatever_comes_is_scored_between_zero_and_one(points: list[tuple[datetime, Any]]) -> None:
    scores = judge([value for _, value in points], [at for at, _ in points])
    assert all(0.0 <= score.score <= 1.0 for score in scores)
    assert all(score.low <= score.high for score in scores if not math.isnan(score.expected))
