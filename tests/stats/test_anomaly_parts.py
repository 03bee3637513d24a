import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from drumbeat.stats.anomaly_lens import Lens
from drumbeat.stats.anomaly_pace import Pace
from drumbeat.stats.anomaly_scale import RobustScale
from drumbeat.stats.anomaly_season import Season, slot_of
from drumbeat.stats.anomaly_tail import MAX_SURPRISE, Tail
from tests.stats.nab import Labeled, Tally, tally

START = datetime(2026, 1, 5)


def fitted(values: list[float], block: int = 10, spread: float = 0.0) -> Tail:
    tail = Tail()
    for index, value in enumerate(values, start=1):
        tail.learn(value)
        for _ in range(index % block == 0):
            tail.close_block(spread)
    return tail


def test_the_tail_of_exponential_values_gives_the_chance_per_point() -> None:
    rng = np.random.default_rng(1)
    tail = fitted([float(value) for value in rng.exponential(size=4000)])
    # A unit exponential exceeds x with chance e**-x: its surprise is x itself.
    assert tail.surprise(9.0) == pytest.approx(9.0, rel=0.35)
    assert tail.surprise(1.0) == 0.0


def test_the_deviation_at_a_surprise_is_the_inverse() -> None:
    rng = np.random.default_rng(2)
    tail = fitted([float(value) for value in rng.exponential(size=2000)])
    assert tail.surprise(tail.deviation_at(8.0)) == pytest.approx(8.0)


def test_a_tail_without_width_is_surprised_by_anything_larger() -> None:
    tail = fitted([5.0] * 200)
    assert tail.surprise(5.0) == 0.0
    assert tail.surprise(5.1) == MAX_SURPRISE


def test_one_monster_does_not_hide_the_next_event() -> None:
    rng = np.random.default_rng(3)
    values = [float(value) for value in rng.exponential(size=4000)]
    calm = fitted(values).surprise(20.0)
    values[2000] = 1e6
    assert fitted(values).surprise(20.0) > 0.6 * calm


def test_an_event_of_long_ago_is_forgotten() -> None:
    rng = np.random.default_rng(6)
    values = [float(value) for value in rng.exponential(size=6000)]
    values[:500] = [50.0 + index for index in range(500)]
    assert fitted(values[:2000]).surprise(30.0) == 0.0
    assert fitted(values).surprise(30.0) > 10.0


def test_a_tail_is_not_ready_before_eight_blocks() -> None:
    assert not fitted([1.0, 2.0] * 35).is_ready
    assert fitted([1.0, 2.0] * 40).is_ready


def test_the_spread_of_normal_values_is_their_mean_absolute_deviation() -> None:
    rng = np.random.default_rng(4)
    scale = RobustScale(center=10.0)
    for value in rng.normal(10.0, 2.0, size=5000):
        scale.learn(float(value), 5000.0)
    assert scale.center == pytest.approx(10.0, abs=0.1)
    assert scale.spread == pytest.approx(2.0 * math.sqrt(2.0 / math.pi), rel=0.05)


def test_a_wild_value_moves_center_and_spread_little() -> None:
    rng = np.random.default_rng(5)
    scale = RobustScale()
    for value in rng.normal(size=200):
        scale.learn(float(value), 5000.0)
    before = (scale.center, scale.spread)
    scale.learn(1e9, 5000.0)
    assert (scale.center, scale.spread) == pytest.approx(before, abs=0.05)


def test_a_season_learns_the_hours_of_working_days_and_weekends() -> None:
    season = Season(level=100.0)
    errors = []
    for index in range(24 * 7 * 6):
        at = START + timedelta(hours=index)
        slot = slot_of(at, 24.0)
        value = 100.0 + 10.0 * (at.hour == 12) - 20.0 * (at.weekday() >= 5)
        errors.append(abs(value - season.expect(slot)))
        season.learn(value, season.expect(slot), slot, 1440.0)
    # Blind to weekends the error would be 8.2, the mean absolute deviation of 5 to 2 days.
    assert np.mean(errors[-168:]) < 5.0
    noon = slot_of(datetime(2026, 2, 18, 12), 24.0)
    night = slot_of(datetime(2026, 2, 18, 2), 24.0)
    assert season.expect(noon) - season.expect(night) == pytest.approx(10.0, abs=2.0)


def test_a_lens_sees_restless_values_none_of_which_is_rare() -> None:
    rng = np.random.default_rng(8)
    lens = Lens()
    slot = slot_of(START, 24.0)
    for index, value in enumerate(rng.normal(size=2400), start=1):
        lens.learn(lens.look(float(value), slot), 1440.0)
        for _ in range(index % 6 == 0):
            lens.close_block()
    usual = lens.look(2.5, slot)
    for index in range(24):
        look = lens.look(2.5 * (-1) ** index, slot)
    residual, restless = 1, 6
    assert lens.up[residual].surprise(look.views[residual]) < 3.0
    assert lens.up[restless].surprise(look.views[restless]) > 8.0
    assert lens.surprise(look) > lens.surprise(usual)


def test_the_pace_is_the_usual_step_whatever_gaps_and_repeats_come() -> None:
    pace = Pace()
    for minutes in (0, 5, 10, 10, 15, 500, 505, 300, 510, 515):
        pace.tick(START + timedelta(minutes=minutes))
    assert pace.points_per_day == pytest.approx(288.0)
    assert pace.clock == (START.replace(tzinfo=UTC) + timedelta(minutes=515)).timestamp()


@pytest.mark.parametrize(
    ("step", "points"),
    [
        pytest.param(timedelta(minutes=5), 5000.0, id="at most 5,000"),
        pytest.param(timedelta(hours=1), 1440.0, id="two months of hours"),
        pytest.param(timedelta(days=7), 60.0, id="at least 60"),
    ],
)
def test_the_memory_is_two_months(step: timedelta, points: float) -> None:
    pace = Pace()
    pace.tick(START)
    pace.tick(START + step)
    assert pace.memory_points == points


def flat(points: int, *windows: tuple[int, int]) -> Labeled:
    stamps = [START + timedelta(hours=index) for index in range(points)]
    return Labeled("made up", "flat", stamps, [0.0] * points, windows)


@pytest.mark.parametrize(
    ("alerts", "score"),
    [
        pytest.param([], 0.0, id="silence"),
        pytest.param([400], 100.0, id="at the start of the window"),
        pytest.param([10, 400], 100.0, id="probation is free"),
        # (1 + sigmoid(-0.505) / sigmoid(-1)) / 2, by hand from the published formula
        pytest.param([450], 93.0, id="in the middle"),
        pytest.param([450, 460, 470], 93.0, id="only the first counts"),
        pytest.param([300], -5.5, id="before every window"),
        pytest.param([900], -5.5, id="long after"),
        pytest.param([300, 301], -11.0, id="every false alert costs"),
    ],
)
def test_the_benchmark_score_follows_the_published_formula(alerts: list[int], score: float) -> None:
    assert tally(flat(1000, (400, 499)), alerts).score == pytest.approx(score, abs=0.1)


def test_the_benchmark_counts_runs_of_alerts_as_episodes() -> None:
    found = tally(flat(1000, (400, 499)), [300, 301, 302, 350, 450])
    assert found == Tally(found.raw, 1, 1, 2, 1000 - 150 - 100)
