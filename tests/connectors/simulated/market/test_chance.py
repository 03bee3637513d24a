import numpy as np
import pytest

from drumbeat.connectors.simulated.market.chance import (
    Chance,
    pick,
    poisson,
    quantile,
    unit,
    units,
)
from drumbeat.connectors.simulated.market.luck import Luck

MANY = np.arange(200_000, dtype=np.uint64)


def test_a_number_does_not_depend_on_what_else_is_asked() -> None:
    chance = Chance(7)
    together = chance.uniform("open", MANY[:100], 5)
    alone = [chance.uniform("open", MANY[n : n + 1], 5)[0] for n in reversed(range(100))]
    assert together.tolist() == alone[::-1]


def test_a_vector_of_ticks_gives_what_each_tick_gives() -> None:
    chance = Chance(7)
    ticks = np.array([-3, 0, 5, 490_000], dtype=np.int64)
    together = chance.uniform("price", MANY[:1], ticks)
    assert together.tolist() == [chance.uniform("price", MANY[:1], int(t))[0] for t in ticks]


@pytest.mark.parametrize(
    ("other", "stream", "tick"),
    [
        pytest.param(Chance(8), "open", 5, id="another-seed"),
        pytest.param(Chance(7), "click", 5, id="another-stream"),
        pytest.param(Chance(7), "open", 6, id="another-hour"),
    ],
)
def test_another_seed_stream_or_hour_is_other_luck(other: Chance, stream: str, tick: int) -> None:
    here, there = Chance(7).uniform("open", MANY, 5), other.uniform(stream, MANY, tick)
    assert abs(np.corrcoef(here, there)[0, 1]) < 0.01


def test_numbers_are_spread_evenly_and_lanes_are_independent() -> None:
    lanes = Chance(7).lanes("ads", MANY, 5, 3)
    assert np.histogram(lanes[0], 20, (0.0, 1.0))[0] == pytest.approx(10_000, rel=0.05)
    assert np.abs(np.corrcoef(lanes) - np.eye(3)).max() < 0.01
    assert lanes.min() > 0.0
    assert lanes.max() < 1.0


def test_luck_drawn_by_the_day_is_the_luck_of_its_hours() -> None:
    chance, people = Chance(7), units(["a", "b", "c"])
    luck = Luck(chance, "post", people, 7)
    hours = [500, 501, 523, 524, 500, 20]
    drawn = [luck.at(hour).tolist() for hour in hours]
    assert drawn == [chance.lanes("post", people, hour, 7).tolist() for hour in hours]


def test_normal_numbers_have_mean_zero_and_deviation_one() -> None:
    numbers = Chance(7).normal("price", MANY)
    assert numbers.mean() == pytest.approx(0.0, abs=0.01)
    assert numbers.std() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("share", [0.001, 0.025, 0.2, 0.5, 0.9, 0.999])
def test_the_normal_quantile_agrees_with_scipy(share: float) -> None:
    from scipy.stats import norm

    assert quantile(np.array([share]))[0] == pytest.approx(norm.ppf(share), abs=0.01)


@pytest.mark.parametrize("mean", [0.0, 0.03, 0.9, 4.0, 15.9])
def test_small_counts_are_exactly_poisson(mean: float) -> None:
    from scipy.stats import poisson as reference

    shares = np.array([0.001, 0.1, 0.37, 0.5, 0.8, 0.99, 0.9999])
    assert poisson(shares, np.full(7, mean)).tolist() == reference.ppf(shares, mean).tolist()


@pytest.mark.parametrize("mean", [16.0, 60.0, 4_000.0])
def test_large_counts_are_poisson_to_within_one_or_a_hundredth(mean: float) -> None:
    from scipy.stats import poisson as reference

    shares = np.array([0.01, 0.3, 0.5, 0.9, 0.99])
    gap = poisson(shares, np.full(5, mean)) - reference.ppf(shares, mean)
    assert np.abs(gap).max() <= max(1.0, 0.01 * mean)


def test_a_larger_mean_never_gives_a_smaller_count() -> None:
    means = np.linspace(0.0, 40.0, 2_000)
    counts = poisson(np.full(2_000, 0.3), means)
    assert (np.diff(counts) >= 0).sum() >= 1_998  # one step where the two methods meet


def test_things_are_picked_by_their_shares() -> None:
    picked = pick(Chance(7).uniform("segment", MANY), np.array([3.0, 0.0, 1.0]))
    assert np.bincount(picked, minlength=3) / len(MANY) == pytest.approx([0.75, 0, 0.25], abs=0.01)


def test_a_name_keeps_its_number() -> None:
    assert unit("line_item:always-on/core") == unit("line_item:always-on/core")
    assert len(set(units([f"name-{n}" for n in range(1_000)]).tolist())) == 1_000
