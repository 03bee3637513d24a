"""What metrics count in and where they exist."""

import pytest

from drumbeat.core.campaign.metric import METRICS, better, channels, unit
from drumbeat.core.campaign.quantity import Unit
from drumbeat.core.governance.action import Channel


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("delivered", Unit.NUMBER, id="a count"),
        pytest.param("spend", Unit.MONEY, id="an amount"),
        pytest.param("open_rate", Unit.PERCENT, id="count over count"),
        pytest.param("cost_per_acquisition", Unit.MONEY, id="money over count"),
        pytest.param("return_on_ad_spend", Unit.NUMBER, id="money over money"),
        pytest.param("frequency", Unit.NUMBER, id="a rate that exceeds one"),
    ],
)
def test_a_metric_s_unit_follows_from_what_it_is_made_of(name: str, expected: Unit) -> None:
    assert unit(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("open_rate", {Channel.EMAIL}, id="mail only"),
        pytest.param("engagement_rate", {Channel.SOCIAL}, id="posts only"),
        pytest.param("click_through_rate", {Channel.ADS, Channel.SOCIAL}, id="what is shown"),
        pytest.param("revenue", {Channel.EMAIL, Channel.ADS, Channel.SOCIAL}, id="everywhere"),
    ],
)
def test_a_metric_exists_where_its_parts_do(name: str, expected: set[Channel]) -> None:
    assert channels(name) == expected


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_has_a_unit_a_direction_and_a_channel(name: str) -> None:
    assert unit(name) in Unit
    assert better(name) in ("higher", "lower")
    assert channels(name)


def test_costs_and_complaints_are_better_when_lower() -> None:
    lower = {"cost_per_acquisition", "spam_complaint_rate", "unsubscribe_rate", "frequency"}
    assert {better(name) for name in lower} == {"lower"}
    assert better("conversions") == "higher"
