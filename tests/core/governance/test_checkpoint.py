"""Checkpoints: the shipped ones are there by name, each is on the road, and typos are refused."""

from importlib.resources import files
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from drumbeat.core.governance.checkpoint import CHECKS, SHIPPED, Checkpoint, passed
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.explain import name_of
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import ActionMatrix
from tests.core.governance import desk

NAMES = (
    "brief approval",
    "brand and legal review",
    "preflight QA",
    "threshold approval",
    "escalation review",
    "exception review",
)


def shipped() -> dict[str, Any]:
    place = files("drumbeat.files") / "template" / "policy" / "actions.yaml"
    written: dict[str, Any] = yaml.safe_load(place.read_text(encoding="utf-8"))
    return written


def test_the_shipped_file_names_them_all_as_they_are_by_default() -> None:
    written = shipped()
    assert tuple(written["checkpoints"]) == NAMES
    assert ActionMatrix.model_validate(written).checkpoints == SHIPPED
    assert ActionMatrix(version=1, actions={}).checkpoints == SHIPPED


def test_every_check_they_name_is_asked_of_every_proposal() -> None:
    assert set(CHECKS) == {name_of(check) for check in load()}


@pytest.mark.parametrize(
    ("asked", "known", "expected"),
    [
        pytest.param({}, {}, (), id="nothing to ask"),
        pytest.param({}, {"current": None}, ("preflight QA",), id="the target is gone"),
        pytest.param(
            {}, {"row": desk.row(limits={"per_change": 0.05})}, ("threshold approval",), id="large"
        ),
        pytest.param(
            {}, {"tightened": {"ads.set_budget": "ask"}}, ("exception review",), id="stricter"
        ),
        pytest.param(
            {"kind": "campaign.launch"},
            {
                "row": desk.row(agents=("optimizer",), always_ask=True),
                "declared_kinds": frozenset({"campaign.launch"}),
            },
            ("brief approval", "brand and legal review"),
            id="a launch",
        ),
    ],
)
def test_a_verdict_says_at_which_it_stopped(
    asked: dict[str, Any], known: dict[str, Any], expected: tuple[str, ...]
) -> None:
    wanted = desk.proposal(**asked)
    verdict = decide(wanted, load(), desk.facts(**known))
    assert passed(SHIPPED, wanted.action.kind, verdict) == expected


@pytest.mark.parametrize("wrong", [{"checks": ["pase"]}, {"kinds": ["ads.fly"]}])
def test_what_does_not_exist_is_refused_by_name(wrong: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError, match="is named"):
        Checkpoint.model_validate(wrong)


def test_a_file_adds_to_them_and_takes_none_away() -> None:
    own = {"version": 1, "actions": {}, "checkpoints": {"price review": {"checks": ["budget"]}}}
    assert set(ActionMatrix.model_validate(own).checkpoints) == {*NAMES, "price review"}
