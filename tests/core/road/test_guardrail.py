"""A guardrail answers true, false or unknown; missing data is never an answer."""

import math
from datetime import timedelta
from typing import Any

import pytest

from drumbeat.core.campaign.guardrail_rule import GuardrailRule, Reference
from drumbeat.core.operations.guardrail import Lines, Snapshot, Truth, evaluate
from tests.core.road.shop import TUESDAY

OPENS: dict[str, Any] = {
    "metric": "open_rate",
    "below": "forecast",
    "by": "20%",
    "then": "escalate",
}
NOTHING = Lines({})


def rule(text: dict[str, Any]) -> GuardrailRule:
    return GuardrailRule.model_validate(text)


def seen(hours: float = 0, **counts: float) -> Snapshot:
    return Snapshot(TUESDAY + timedelta(hours=hours), counts)


def forecast(metric: str, value: float, progress: float = 1.0) -> Lines:
    return Lines({(metric, Reference.FORECAST): value}, progress)


@pytest.mark.parametrize(
    ("text", "counts", "lines", "truth"),
    [
        pytest.param(OPENS, {"opens": 319, "delivered": 1000}, 0.4, Truth.TRUE, id="20 % below"),
        pytest.param(OPENS, {"opens": 321, "delivered": 1000}, 0.4, Truth.FALSE, id="just above"),
        pytest.param(OPENS, {"opens": 100}, 0.4, Truth.UNKNOWN, id="no deliveries read"),
        pytest.param(OPENS, {"opens": 0, "delivered": 0}, 0.4, Truth.UNKNOWN, id="nothing under"),
        pytest.param(OPENS, {"opens": 1, "delivered": 9}, None, Truth.UNKNOWN, id="no forecast"),
        pytest.param(
            OPENS, {"opens": math.nan, "delivered": 9}, 0.4, Truth.UNKNOWN, id="not a number"
        ),
        pytest.param(
            OPENS | {"after": "2000 delivered"},
            {"opens": 1, "delivered": 1999},
            0.4,
            Truth.FALSE,
            id="sample too small",
        ),
        pytest.param(
            OPENS | {"after": "2000 sent"},
            {"opens": 1, "delivered": 1999},
            0.4,
            Truth.UNKNOWN,
            id="sample not known",
        ),
        pytest.param(
            {"metric": "spam_complaint_rate", "above": "0.1%", "then": "freeze"},
            {"complaints": 2, "delivered": 1000},
            None,
            Truth.TRUE,
            id="a fixed share",
        ),
        pytest.param(
            {"metric": "cost_per_acquisition", "above": "EUR 12.50", "then": "pause"},
            {"spend": 12_600, "conversions": 10},
            None,
            Truth.TRUE,
            id="money in minor units",
        ),
        pytest.param(
            {"metric": "cost_per_acquisition", "above": "EUR 12.50", "then": "pause"},
            {"spend": 12_500, "conversions": 10},
            None,
            Truth.FALSE,
            id="on the line is not over it",
        ),
    ],
)
def test_a_line_is_crossed_or_not_or_nobody_knows(
    text: dict[str, Any], counts: dict[str, float], lines: float | None, truth: Truth
) -> None:
    known = forecast("open_rate", lines) if lines is not None else NOTHING
    assert evaluate(rule(text), (seen(**counts),), known).truth is truth


def test_without_a_reading_nothing_is_known() -> None:
    found = evaluate(rule(OPENS), (), forecast("open_rate", 0.4))
    assert (found.truth, found.text) == (Truth.UNKNOWN, "there are no readings of open_rate")


def test_a_sum_is_compared_with_its_part_of_the_forecast_so_far() -> None:
    spend = {"metric": "spend", "above": "forecast", "by": "25%", "then": "hold"}
    counts = seen(spend=60_000)
    assert evaluate(rule(spend), (counts,), forecast("spend", 100_000, 0.4)).truth is Truth.TRUE
    assert evaluate(rule(spend), (counts,), forecast("spend", 100_000, 0.5)).truth is Truth.FALSE


LASTING = {"metric": "frequency", "above": 7, "for": "6h", "then": "alert"}


def shown(hours: float, often: float) -> Snapshot:
    return seen(hours, impressions=often * 100, reach=100)


@pytest.mark.parametrize(
    ("snapshots", "truth"),
    [
        pytest.param([shown(0, 8), shown(3, 8), shown(6, 8)], Truth.TRUE, id="all the time"),
        pytest.param([shown(0, 6), shown(3, 8), shown(6, 8)], Truth.FALSE, id="not at first"),
        pytest.param([shown(3, 8), shown(6, 8)], Truth.FALSE, id="not watched long enough"),
        pytest.param([shown(0, 8), seen(3), shown(6, 8)], Truth.UNKNOWN, id="a gap in between"),
        pytest.param([shown(0, 8), shown(6, 6)], Truth.FALSE, id="over by now"),
    ],
)
def test_a_crossing_must_last_as_long_as_the_rule_asks(
    snapshots: list[Snapshot], truth: Truth
) -> None:
    assert evaluate(rule(LASTING), snapshots, NOTHING).truth is truth


def test_a_crossing_tells_the_figures() -> None:
    found = evaluate(rule(OPENS), (seen(opens=300, delivered=1000),), forecast("open_rate", 0.4))
    assert found.text == "open_rate is 0.3, below 0.32"
