"""Who belongs to a segment, and when nobody can tell."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from drumbeat.core.campaign.audience import Condition, Segment, belongs

DAY = 86_400


def segment(*rule: dict[str, Any]) -> Segment:
    return Segment.model_validate(
        {"id": "warm", "name": "Warm", "description": "Warm leads.", "rule": list(rule)}
    )


@pytest.mark.parametrize(
    ("condition", "contact", "expected"),
    [
        pytest.param({"field": "orders", "is": 0}, {"orders": 0}, True, id="is"),
        pytest.param({"field": "orders", "is": 0}, {"orders": 2}, False, id="is not"),
        pytest.param({"field": "consent", "is": False}, {"consent": False}, True, id="is false"),
        pytest.param({"field": "orders", "one_of": [1, 2]}, {"orders": 2}, True, id="one of"),
        pytest.param({"field": "orders", "one_of": [1, 2]}, {"orders": 3}, False, id="none of"),
        pytest.param({"field": "age", "above": 90}, {"age": 91}, True, id="above"),
        pytest.param({"field": "age", "above": 90}, {"age": 90}, False, id="not above itself"),
        pytest.param({"field": "age", "below": 90}, {"age": 89.5}, True, id="below"),
        pytest.param({"field": "mailed", "within": "48h"}, {"mailed": DAY}, True, id="recent"),
        pytest.param({"field": "mailed", "within": "48h"}, {"mailed": 3 * DAY}, False, id="old"),
        pytest.param({"field": "age", "above": 90}, {}, None, id="unknown field"),
        pytest.param({"field": "age", "above": 90}, {"age": "old"}, None, id="no number"),
        pytest.param({"field": "age", "above": 0}, {"age": True}, None, id="a truth is no number"),
    ],
)
def test_a_condition_is_met_or_not_or_unknown(
    condition: dict[str, Any], contact: dict[str, Any], expected: bool | None
) -> None:
    assert belongs(segment(condition), contact) is expected


def test_one_failed_condition_decides_even_where_others_are_unknown() -> None:
    both = segment({"field": "orders", "is": 0}, {"field": "age", "above": 90})
    assert belongs(both, {"orders": 1}) is False
    assert belongs(both, {"orders": 0}) is None


@pytest.mark.parametrize(
    "written",
    [
        pytest.param({"field": "orders"}, id="no test"),
        pytest.param({"field": "orders", "above": 1, "below": 3}, id="two tests"),
    ],
)
def test_a_condition_tests_exactly_one_thing(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="exactly one of"):
        Condition.model_validate(written)


def test_a_condition_survives_being_written_and_read() -> None:
    condition = Condition.model_validate({"field": "mailed", "within": "48h"})
    assert Condition.model_validate_json(condition.model_dump_json()) == condition
    assert Condition(field="orders", equals=0).model_dump(exclude_none=True) == {
        "field": "orders",
        "is": 0,
    }


LETTERS = st.text("aA1 é", max_size=4)


@given(st.dictionaries(st.sampled_from(["orders", "age"]), st.none() | st.integers() | LETTERS))
def test_no_contact_makes_membership_raise(contact: dict[str, Any]) -> None:
    both = segment({"field": "orders", "one_of": [0, 1]}, {"field": "age", "above": 3})
    assert belongs(both, contact) in (True, False, None)
