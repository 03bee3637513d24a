"""The policy in words: its table, its explanations, and the examples a user keeps."""

from typing import Any

import pytest
from pydantic import ValidationError

from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.approval import Approval
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.explain import deciding, may_answer, name_of, said
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.policy_examples import Example, confidence_of, tried
from drumbeat.core.governance.policy_table import line, lines
from tests.core.governance import desk
from tests.core.governance.test_accept import DANA, GONE, JON, VIC, given
from tests.core.governance.test_states import MATRIX

DECLARED = frozenset(KINDS)


def says(**fields: Any) -> str:
    example = Example.model_validate({"name": "x", "phase": "full", "expect": "allow", **fields})
    return tried(example, MATRIX, load(), desk.NOW, "EUR", DECLARED).verdict.verdict


def test_the_table_speaks_of_every_kind_there_is() -> None:
    shown = {one.kind: one for one in lines(ActionMatrix(version=1, actions={}))}
    assert list(shown) == list(KINDS)
    assert {one.alone for one in shown.values()} == {"denied: no row"}


@pytest.mark.parametrize(
    ("row", "field", "text"),
    [
        pytest.param("forbidden", "alone", "forbidden", id="forbidden"),
        pytest.param(None, "agents", "nobody", id="no row"),
        pytest.param(desk.row(), "alone", "from conditional", id="alone from"),
        pytest.param(desk.row(always_ask=True), "alone", "never: always asks", id="always asks"),
        pytest.param(desk.row(agents=()), "agents", "people only", id="people only"),
        pytest.param(desk.row(agents=()), "alone", "never: people only", id="never alone"),
        pytest.param(desk.row(), "consent", "1 of performance", id="consent"),
        pytest.param(
            desk.row(cooldown="36h", signals=2),
            "bounds",
            "confidence 0.60, 2 signals, cool-down 1d12h, 20% at once, 30% a day",
            id="bounds",
        ),
    ],
)
def test_a_line_says_what_the_row_means(row: Any, field: str, text: str) -> None:
    assert getattr(line("ads.set_budget", row), field) == text


def test_an_explanation_names_every_check_and_the_one_that_decided() -> None:
    checks = load()
    verdict = decide(desk.proposal(confidence=None), checks, desk.facts(headrooms=()))
    spoken = {one.check: one.weight for one in said(checks, verdict)}
    assert list(spoken) == [name_of(check) for check in checks]
    assert spoken["confidence"] == "ask"
    assert spoken["budget"] == "forbid"
    assert spoken["phase"] == "passed"
    assert deciding(verdict) == ("budget",)


def test_a_check_that_broke_is_in_the_explanation() -> None:
    verdict = decide(desk.proposal(), load(), desk.facts(holds=3))
    assert [one.weight for one in said(load(), verdict) if "could not answer" in one.text] == [
        "forbid"
    ]


@pytest.mark.parametrize(
    ("approvals", "proposer", "names"),
    [
        pytest.param((), "", ("jon",), id="holders of the role"),
        pytest.param((), "jon", (), id="never the proposer"),
        pytest.param((given(JON),), "", (), id="never the same person again"),
    ],
)
def test_who_may_answer_leaves_out_whose_yes_would_not_count(
    approvals: tuple[Approval, ...], proposer: str, names: tuple[str, ...]
) -> None:
    accounts: tuple[Account, ...] = (JON, DANA, VIC, GONE)
    verdict = decide(desk.proposal(confidence=None), load(), desk.facts())
    assert may_answer(verdict, desk.proposal(), accounts, approvals, proposer) == names


def test_nobody_answers_what_is_not_asked() -> None:
    verdict = decide(desk.proposal(), load(), desk.facts())
    assert may_answer(verdict, desk.proposal(), (JON,), ()) == ()


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        pytest.param({"action": "ads.set_budget", "confidence": 0.6}, "allow", id="at the bar"),
        pytest.param({"action": "ads.set_budget", "confidence": 0.59}, "ask", id="below the bar"),
        pytest.param(
            {"action": "ads.set_budget", "confidence": 0.6, "change": "20%"}, "allow", id="limit"
        ),
        pytest.param(
            {"action": "ads.set_budget", "confidence": 0.6, "last_change": "47h"}, "ask", id="soon"
        ),
        pytest.param(
            {"action": "ads.enable", "campaign_says": "never"}, "deny", id="campaign never"
        ),
        pytest.param({"action": "ads.enable", "connection": "read-only"}, "deny", id="read-only"),
        pytest.param({"action": "ads.enable", "frozen": True}, "deny", id="frozen"),
        pytest.param({"action": "ads.enable", "by": "builder"}, "deny", id="agent not listed"),
        pytest.param({"action": "ads.enable", "spends": "EUR 1"}, "allow", id="money left"),
        pytest.param(
            {"action": "ads.enable", "spends": "EUR 2", "left": "EUR 1"}, "deny", id="no money left"
        ),
        pytest.param(
            {"action": "campaign.launch", "by": "launcher", "in_approved_pack": True},
            "allow",
            id="pack",
        ),
    ],
)
def test_an_example_is_judged_like_the_real_thing(fields: dict[str, Any], verdict: str) -> None:
    assert says(**fields) == verdict


@pytest.mark.parametrize("value", [0.0, 0.25, 0.6, 0.8])
def test_a_stated_confidence_comes_back_from_its_measurement(value: float) -> None:
    made = confidence_of(value, signals=2).value
    assert value <= made < value + 1e-6


def test_one_signal_stays_capped_in_examples_too() -> None:
    assert confidence_of(1.0, signals=1).value == 0.8
    assert confidence_of(1.0, signals=2).value > 0.999


def test_an_example_is_met_only_for_the_reason_it_gives() -> None:
    fields = {"name": "x", "action": "ads.set_bid", "phase": "draft", "expect": "ask"}
    right = Example.model_validate({**fields, "confidence": 0.9, "signals": 2, "because": "phase"})
    wrong = right.model_copy(update={"because": "pace"})
    outcome = [tried(one, MATRIX, load(), desk.NOW, "EUR", DECLARED) for one in (right, wrong)]
    assert [one.is_met for one in outcome] == [True, False]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"action": "ads.explode"}, id="unknown kind"),
        pytest.param({"expect": "maybe"}, id="unknown verdict"),
        pytest.param({"change": 20}, id="20 of what?"),
        pytest.param({"confidence": 2}, id="too sure"),
        pytest.param({"phases": "full"}, id="misspelt"),
    ],
)
def test_a_bad_example_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        says(**{"action": "ads.enable", **fields})
