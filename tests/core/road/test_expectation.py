"""A cycle is forecast as the next of its series, with the band its own past errors had."""

from datetime import date, timedelta

import numpy as np
import pytest

from drumbeat.core.campaign.dossier import CycleRecord, Dossier
from drumbeat.core.campaign.expectation import expect

MONDAY = date(2026, 3, 2)


def weeks(count: int, rise: float = 0.0, seed: int = 1) -> Dossier:
    """Weekly cycles up to the one before MONDAY: about a hundred conversions, rising."""
    chance = np.random.default_rng(seed)
    records = tuple(
        CycleRecord(
            cycle=f"c{n}",
            at=MONDAY - timedelta(weeks=count - n) + timedelta(days=n % 3),
            counts={
                "conversions": float(chance.poisson(100 + rise * n)),
                "clicks": 2_000.0,
            },
            source=f"history/email w{n}",
        )
        for n in range(count)
    )
    return Dossier(cycles=records)


def test_a_series_that_rises_is_continued_and_cited() -> None:
    found = expect("conversions", weeks(40, rise=4), at=MONDAY)
    assert found is not None
    assert found.low < 260 < found.high
    assert "40 weeks continued" in found.why
    assert found.citations[0].source == "history/email w39"


def test_the_band_covers_about_what_it_says() -> None:
    inside, rounds = 0, 60
    for seed in range(rounds):
        found = expect("conversions", weeks(30, seed=seed), at=MONDAY)
        assert found is not None
        truth = float(np.random.default_rng(10_000 + seed).poisson(100))
        inside += found.low <= truth <= found.high
    assert 0.65 <= inside / rounds <= 0.95


@pytest.mark.parametrize(
    ("count", "at"),
    [
        pytest.param(8, MONDAY, id="too short a series"),
        pytest.param(30, MONDAY + timedelta(weeks=9), id="too old a series"),
        pytest.param(30, MONDAY - timedelta(weeks=4), id="a week that is over"),
    ],
)
def test_without_a_usable_series_the_mean_of_the_last_cycles_stands(count: int, at: date) -> None:
    found = expect("conversions", weeks(count), at=at)
    assert found is not None
    assert "80% band" in found.why
    assert "continued" not in found.why
    assert 80 < found.mean < 120


def test_a_rate_is_forecast_like_a_count() -> None:
    found = expect("conversion_rate", weeks(30), at=MONDAY, holidays=(MONDAY,))
    assert found is not None
    assert found.low < 0.05 < found.high


def test_nobody_is_expected_to_see_an_ad_less_than_once() -> None:
    shown = [2.9] * 12 + [1.1, 1.05, 1.1, 1.08, 1.1]
    records = tuple(
        CycleRecord(
            cycle=f"c{n}",
            at=MONDAY - timedelta(weeks=len(shown) - n),
            counts={"impressions": 1_000 * often, "reach": 1_000.0},
            source=f"history/ads w{n}",
        )
        for n, often in enumerate(shown)
    )
    found = expect("frequency", Dossier(cycles=records), at=MONDAY)
    assert found is not None
    assert 1.0 <= found.low <= found.mean < 1.2
