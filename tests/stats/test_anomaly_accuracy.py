"""How well anomalies are found: real labeled series where present, made-up families always.

The ranges are what was measured, with room for chance; a fall below is a loss of skill. The seeds
here were not looked at while constants were chosen.
"""

from collections.abc import Iterable

import pytest

from drumbeat.stats.anomaly import Detector
from tests.stats.anomaly_series import ad_exchange, social_volume
from tests.stats.nab import DATA, Labeled, Tally, load, tally

needs_nab = pytest.mark.skipif(
    not DATA.exists(), reason=f"the Numenta Anomaly Benchmark is not at {DATA}"
)


def measure(series: Iterable[Labeled]) -> Tally:
    total = Tally()
    for one in series:
        detector = Detector()
        scores = map(detector.update, one.timestamps, one.values)
        alerts = [index for index, score in enumerate(scores) if score.is_anomaly]
        total += tally(one, alerts)
    return total


def test_bursts_in_social_volume_are_found_with_few_false_alerts() -> None:
    found = measure(social_volume(seed) for seed in range(9000, 9005))
    assert found.score > 65.0
    assert found.episodes <= 5 * 5


def test_spikes_and_shifts_in_ad_prices_are_found_with_few_false_alerts() -> None:
    found = measure(ad_exchange(seed) for seed in range(9000, 9020))
    assert found.score > 65.0
    assert found.episodes <= 20 * 3


@needs_nab
@pytest.mark.parametrize(
    ("family", "least_score", "most_episodes"),
    [
        pytest.param("realAWSCloudwatch", 56.0, 18, id="servers"),
        pytest.param("realKnownCause", 60.0, 32, id="known causes"),
        pytest.param("realTraffic", 56.0, 10, id="traffic"),
        pytest.param("artificialWithAnomaly", 42.0, 5, id="artificial"),
    ],
)
def test_real_anomalies_are_found(family: str, least_score: float, most_episodes: int) -> None:
    found = measure(series for series in load() if series.family == family)
    assert found.score > least_score
    assert found.episodes <= most_episodes


@needs_nab
def test_series_without_anomalies_stay_quiet() -> None:
    found = measure(series for series in load() if series.family == "artificialNoAnomaly")
    assert found.clean_points > 17_000
    assert found.episodes <= 1
