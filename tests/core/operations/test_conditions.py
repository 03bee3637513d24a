"""Conditions: typed and written as expressions; true, false or unknown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from drumbeat.core.campaign.guardrail_rule import Reference
from drumbeat.core.operations.condition import Condition, answer
from drumbeat.core.operations.expression import holds, read
from drumbeat.core.operations.expression_syntax import ExpressionInvalid
from drumbeat.core.operations.guardrail import Lines, Snapshot, Truth

COUNTS = {
    "delivered": 12_000.0,
    "opens": 3_000.0,
    "clicks": 300.0,
    "spend": 80_00.0,
    "revenue": 200_00.0,
    "conversions": 0.0,
    "page_load_seconds": 3.0,
}
LINES = Lines(
    {("open_rate", Reference.FORECAST): 0.4, ("spend", Reference.TARGET): 100_00.0}, progress=0.5
)
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("open_rate < 80% * open_rate.forecast", Truth.TRUE),
        ("open_rate >= 25%", Truth.TRUE),
        ("open_rate == 0.25", Truth.TRUE),
        ("delivered > 10_000 and clicks < 200", Truth.FALSE),
        ("delivered > 10_000 && !(clicks < 200)", Truth.TRUE),
        ("clicks < 200 || delivered >= 12000", Truth.TRUE),
        ("not clicks < 200", Truth.TRUE),
        ("not not clicks < 200", Truth.FALSE),
        ("spend > EUR 79.99", Truth.TRUE),
        ("spend > EUR 80", Truth.FALSE),
        ("revenue - spend == EUR 120", Truth.TRUE),
        ("revenue / spend > 2", Truth.TRUE),
        ("spend / clicks < EUR 0.30", Truth.TRUE),
        ("page_load_seconds > 2s", Truth.TRUE),
        ("page_load_seconds > 1m", Truth.FALSE),
        ("1 + 2 * 3 == 7", Truth.TRUE),
        ("(1 + 2) * 3 == 9", Truth.TRUE),
        ("10 - 3 - 2 == 5", Truth.TRUE),
        ("-clicks < 0", Truth.TRUE),
        ("spend > spend.target", Truth.TRUE),
        ("1 < 2 or 1 > 2 and 1 > 2", Truth.TRUE),
        ("cost_per_acquisition > EUR 1", Truth.UNKNOWN),
        ("spend / conversions > EUR 1", Truth.UNKNOWN),
        ("stock < 10", Truth.UNKNOWN),
        ("open_rate < open_rate.baseline", Truth.UNKNOWN),
        ("stock < 10 or clicks > 1", Truth.TRUE),
        ("stock < 10 and clicks > 1", Truth.UNKNOWN),
        ("stock < 10 and clicks > 999", Truth.FALSE),
        ("stock < 10 or clicks > 999", Truth.UNKNOWN),
        ("not stock < 10", Truth.UNKNOWN),
        ("stock == stock", Truth.UNKNOWN),
    ],
)
def test_what_an_expression_says(text: str, expected: Truth) -> None:
    assert holds(read(text), COUNTS, LINES) is expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("spend > 40", "puts money beside a number"),
        ("clicks > EUR 1", "puts a number beside money"),
        ("spend + clicks > EUR 1", "puts money beside a number"),
        ("spend * spend > EUR 1", r"puts money\^2"),
        ("page_load_seconds > 3", "puts a duration beside a number"),
        ("spend > USD 40", "is USD, but the campaign's money is EUR"),
        ("open_rat < 1", "is no metric"),
        ("open_rate < open_rate.forcast", "has no line 'forcast'"),
        ("open_rate", "a condition compares"),
        ("open_rate < 1 < 2", "one word too many"),
        ("open_rate <", "a figure is missing"),
        ("(open_rate < 1", "a bracket is not closed"),
        ("open_rate < 1 and clicks", "needs something true or false"),
        ("not clicks", "needs something true or false"),
        ("(clicks < 1) + 1 > 2", "needs a figure"),
        ("-(clicks < 1) > 2", "needs a figure"),
        ("clicks = 1", "'=' means nothing here"),
        ("clicks < 1; drop", "';' means nothing here"),
        ("__import__('os')", "means nothing here"),
        ("", "a figure is missing"),
        ("(" * 50 + "1 < 2" + ")" * 50, "nested more than"),
        ("1 < 2 and " * 100 + "1 < 2", "longer than"),
    ],
)
def test_an_expression_that_cannot_be_meant_is_refused(text: str, why: str) -> None:
    with pytest.raises(ExpressionInvalid, match=why):
        read(text, "EUR")


def test_a_refusal_points_at_the_place() -> None:
    with pytest.raises(ExpressionInvalid) as error:
        read("clicks < 1 and opne_rate < 2")
    assert error.value.at == 15


def condition(**fields: Any) -> Condition:
    return Condition.model_validate({"id": "one", "then": "escalate", **fields})


def snapshots(*rates: float, delivered: float = 12_000, step: int = 1) -> list[Snapshot]:
    begins = NOON - timedelta(hours=step * (len(rates) - 1))
    return [
        Snapshot(
            begins + timedelta(hours=step * n), {"delivered": delivered, "opens": delivered * rate}
        )
        for n, rate in enumerate(rates)
    ]


TYPED = {"metric": "open_rate", "below": "forecast", "by": "20%", "after": "10000 delivered"}
WRITTEN = {"expr": "open_rate < 80% * open_rate.forecast", "after": "10000 delivered"}


@pytest.mark.parametrize("fields", [TYPED, WRITTEN], ids=["typed", "written"])
@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(snapshots(0.31), Truth.TRUE, id="below"),
        pytest.param(snapshots(0.33), Truth.FALSE, id="not-far-enough"),
        pytest.param(snapshots(0.1, delivered=9_999), Truth.FALSE, id="too-early"),
        pytest.param([], Truth.UNKNOWN, id="nothing-read"),
        pytest.param([Snapshot(NOON, {"opens": 5.0})], Truth.UNKNOWN, id="sample-unknown"),
        pytest.param([Snapshot(NOON, {"delivered": 2e4})], Truth.UNKNOWN, id="value-unknown"),
    ],
)
def test_open_rate_twenty_percent_below_forecast_after_ten_thousand(
    fields: dict[str, Any], seen: list[Snapshot], expected: Truth
) -> None:
    assert answer(condition(**fields), seen, LINES).truth is expected


@pytest.mark.parametrize("fields", [TYPED, WRITTEN], ids=["typed", "written"])
@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(snapshots(0.1, 0.1, 0.1), Truth.TRUE, id="all-along"),
        pytest.param(snapshots(0.1, 0.4, 0.1), Truth.FALSE, id="interrupted"),
        pytest.param(snapshots(0.4, 0.1, 0.1, 0.1), Truth.TRUE, id="long-enough"),
        pytest.param(snapshots(0.1, 0.1), Truth.FALSE, id="not-watched-long-enough"),
        pytest.param(snapshots(0.1, 0.1, 0.4), Truth.FALSE, id="over-again"),
    ],
)
def test_a_condition_that_must_last(
    fields: dict[str, Any], seen: list[Snapshot], expected: Truth
) -> None:
    assert answer(condition(**fields, **{"for": "2h"}), seen, LINES).truth is expected


def test_a_gap_in_what_must_last_is_unknown() -> None:
    first, _, last = snapshots(0.1, 0.1, 0.1)
    gap = [first, Snapshot(NOON - timedelta(hours=1), {}), last]
    asked = condition(expr="open_rate < 80% * open_rate.forecast", **{"for": "2h"})
    assert answer(asked, gap, LINES).truth is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        pytest.param({}, "write either", id="nothing"),
        pytest.param({**TYPED, "expr": "clicks > 1"}, "write either", id="both"),
        pytest.param({"metric": "open_rate"}, "exactly one of below and above", id="no-line"),
        pytest.param({"expr": "spend > 3"}, "puts money beside", id="units"),
        pytest.param({"expr": "clicks > 1", "then": "approve"}, "Input should be", id="then"),
    ],
)
def test_a_condition_that_says_nothing_sound_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        condition(**fields)
