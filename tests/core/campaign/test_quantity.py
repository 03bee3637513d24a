"""Figures with units, and the lines guardrails draw with them."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from drumbeat.core.campaign.goal import Goal
from drumbeat.core.campaign.guardrail_rule import GuardrailRule, Reference, Sample, Severity
from drumbeat.core.campaign.quantity import Quantity, QuantityText, Target, TargetText, Unit
from drumbeat.core.money import Period


@pytest.mark.parametrize(
    ("text", "amount", "unit", "shown"),
    [
        pytest.param("40", "40", Unit.NUMBER, "40", id="a count"),
        pytest.param("10,000", "10000", Unit.NUMBER, "10,000", id="thousands"),
        pytest.param("-2.5", "-2.5", Unit.NUMBER, "-2.5", id="a fall"),
        pytest.param("0.1%", "0.001", Unit.PERCENT, "0.1%", id="a share"),
        pytest.param("20 %", "0.2", Unit.PERCENT, "20%", id="a share with a space"),
        pytest.param("EUR 12.50", "12.50", Unit.MONEY, "EUR 12.50", id="money"),
        pytest.param("JPY 1,200", "1200", Unit.MONEY, "JPY 1,200", id="money without decimals"),
    ],
)
def test_a_quantity_keeps_its_unit(text: str, amount: str, unit: Unit, shown: str) -> None:
    quantity = Quantity.parse(text)
    assert (quantity.amount, quantity.unit, str(quantity)) == (Decimal(amount), unit, shown)
    assert Quantity.parse(shown) == quantity


@pytest.mark.parametrize("text", ["", "many", "40/week", "EUR", "EUR 1.234", "1..2", "12 EUR", "%"])
def test_what_has_no_reading_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|decimals"):
        Quantity.parse(text)


@pytest.mark.parametrize(
    ("text", "period", "shown"),
    [
        pytest.param("40/week", Period.WEEK, "40/week", id="a count a week"),
        pytest.param("EUR 1,200/month", Period.MONTH, "EUR 1,200.00/month", id="money a month"),
        pytest.param("25%", None, "25%", id="a share has no period"),
    ],
)
def test_a_target_may_have_a_period(text: str, period: Period | None, shown: str) -> None:
    target = Target.parse(text)
    assert (target.period, str(target)) == (period, shown)


def test_a_target_of_an_unknown_period_is_refused() -> None:
    with pytest.raises(ValueError, match="/week or /month"):
        Target.parse("40/fortnight")


def test_bare_numbers_of_a_file_are_quantities_and_truths_are_not() -> None:
    reader: TypeAdapter[Any] = TypeAdapter(QuantityText)
    assert reader.validate_python(3.5) == Quantity.parse("3.5")
    with pytest.raises(ValidationError):
        reader.validate_python(True)


def test_a_target_survives_being_written_and_read() -> None:
    reader: TypeAdapter[Any] = TypeAdapter(TargetText)
    target = reader.validate_python("EUR 1,200/month")
    assert reader.validate_json(reader.dump_json(target)) == target


def test_a_goal_names_a_metric_that_exists() -> None:
    with pytest.raises(ValidationError, match="no metric is named 'qualified_lead'"):
        Goal.model_validate({"metric": "qualified_lead", "target": "40/week"})


def guardrail(**written: Any) -> GuardrailRule:
    return GuardrailRule.model_validate({"metric": "open_rate", "then": "escalate", **written})


def test_a_guardrail_reads_as_a_sentence() -> None:
    rule = guardrail(below="forecast", by="20%", after="10000 delivered", **{"for": "2h"})
    assert rule.level is Reference.FORECAST
    assert rule.by == pytest.approx(0.2)
    assert rule.after == Sample(count=10_000, metric="delivered")
    assert rule.lasting is not None
    assert rule.lasting.total_seconds() == 7200
    assert rule.severity is Severity.WARNING


def test_a_guardrail_survives_being_written_and_read() -> None:
    rule = guardrail(above="0.1%", after="500 sent", **{"for": "2h"})
    assert GuardrailRule.model_validate_json(rule.model_dump_json()) == rule
    assert rule.model_dump(mode="json", exclude_none=True) == {
        "metric": "open_rate",
        "above": "0.1%",
        "after": "500 sent",
        "for": "2h",
        "then": "escalate",
        "severity": "warning",
    }


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param({}, "exactly one", id="no line"),
        pytest.param({"below": "1%", "above": "2%"}, "exactly one", id="two lines"),
        pytest.param({"below": "2%", "by": "20%"}, "by goes with forecast", id="by of a figure"),
        pytest.param({"below": "forecasts"}, "expected a number", id="no such line"),
        pytest.param({"below": "forecast", "after": "10000"}, "10000 delivered", id="of what"),
        pytest.param({"below": "forecast", "after": "10 cats"}, "no metric", id="no such metric"),
        pytest.param({"below": "forecast", "for": 3}, "duration", id="three what"),
        pytest.param({"below": "forecast", "then": "panic"}, "escalate", id="no such end"),
    ],
)
def test_a_guardrail_that_cannot_be_decided_is_refused(
    written: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        guardrail(**written)
