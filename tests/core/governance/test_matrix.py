"""The matrix at load: whatever is missing, mistyped or too lenient is refused, by name."""

from typing import Any

import pytest
from pydantic import ValidationError

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.proposal import Proposal
from tests.core.governance import desk

ROW: dict[str, Any] = {
    "agents": ["optimizer"],
    "risk": "medium",
    "phase": "conditional",
    "approvals": {"roles": ["performance"], "count": 1},
    "min_confidence": 0.6,
    "signals": 1,
    "cooldown": "48h",
    "limits": {"per_change": "20%", "per_day": "30%", "changes_per_day": 1},
    "hold": "30m",
    "always_ask": False,
}


def matrix(row: Any, kind: str = "ads.set_budget") -> ActionMatrix:
    return ActionMatrix.model_validate({"version": 1, "actions": {kind: row}})


def test_the_whole_row_loads() -> None:
    assert matrix(ROW).row("ads.set_budget") is not None


@pytest.mark.parametrize("field", ["agents", "risk", "phase", "approvals"])
def test_a_row_without_a_needed_field_is_refused(field: str) -> None:
    with pytest.raises(ValidationError):
        matrix({name: value for name, value in ROW.items() if name != field})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("agents", "optimizer", id="agents is a word"),
        pytest.param("agents", None, id="agents is nothing"),
        pytest.param("risk", "tiny", id="unheard-of risk"),
        pytest.param("risk", None, id="no risk"),
        pytest.param("phase", "Full", id="phase in capitals"),
        pytest.param("phase", 3, id="phase is a number"),
        pytest.param("approvals", ["performance"], id="approvals is a list"),
        pytest.param("approvals", {"roles": []}, id="nobody approves"),
        pytest.param("approvals", {"roles": ["manager"], "count": 0}, id="zero people"),
        pytest.param("approvals", {"roles": ["manager"], "count": "two"}, id="count is a word"),
        pytest.param("approvals", {"role": ["manager"]}, id="misspelt role"),
        pytest.param("min_confidence", 1.2, id="over one"),
        pytest.param("min_confidence", -0.1, id="under zero"),
        pytest.param("min_confidence", "high", id="a word"),
        pytest.param("min_confidence", None, id="no confidence"),
        pytest.param("min_confidence", float("nan"), id="not a number"),
        pytest.param("signals", -1, id="less than no signal"),
        pytest.param("signals", 1.5, id="one and a half signals"),
        pytest.param("cooldown", 48, id="hours or days?"),
        pytest.param("cooldown", "two days", id="cool-down in words"),
        pytest.param("limits", {"per_change": 20}, id="20 of what?"),
        pytest.param("limits", {"per_changes": "20%"}, id="misspelt limit"),
        pytest.param("limits", {"changes_per_day": "one"}, id="changes in words"),
        pytest.param("hold", "soon", id="hold in words"),
        pytest.param("always_ask", "maybe", id="maybe"),
        pytest.param("allways_ask", True, id="misspelt field"),
    ],
)
def test_a_mistyped_field_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        matrix({**ROW, field: value})


@pytest.mark.parametrize("risk", ["medium", "high"])
def test_risk_without_an_approver_is_refused(risk: str) -> None:
    with pytest.raises(ValidationError, match="needs at least one approver role, or `forbidden`"):
        matrix({"agents": [], "risk": risk, "phase": "full"})


@pytest.mark.parametrize("row", ["allowed", "Forbidden", None, [], 1, True])
def test_only_forbidden_stands_for_a_row(row: Any) -> None:
    with pytest.raises(ValidationError):
        matrix(row)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match=r"no action kind is named 'ads\.explode'"):
        matrix(ROW, "ads.explode")


def test_a_changed_row_is_another_policy() -> None:
    assert matrix(ROW).digest == matrix(dict(ROW)).digest
    assert matrix(ROW).digest != matrix({**ROW, "signals": 2}).digest


@pytest.mark.parametrize("noun", [Action, Proposal], ids=["action", "proposal"])
def test_a_request_with_a_needed_field_gone_is_refused(noun: type[Action | Proposal]) -> None:
    whole = {Action: desk.action(), Proposal: desk.proposal()}[noun].model_dump()
    needed = [name for name, field in noun.model_fields.items() if field.is_required()]
    assert len(needed) > 5
    for name in needed:
        with pytest.raises(ValidationError):
            noun.model_validate({field: v for field, v in whole.items() if field != name})
        with pytest.raises(ValidationError):
            noun.model_validate({**whole, name: object()})
