"""The judge: the strictest finding wins, and a check that cannot answer forbids."""

from dataclasses import fields, replace
from typing import Any

import pytest

from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.judge import Check, decide
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Ask, Finding, Weight
from tests.core.governance import desk


def says(weight: Weight | None) -> Check:
    def check(proposal: Proposal, facts: Facts) -> Finding | None:
        return Finding(check="told", weight=weight, text="told so") if weight is not None else None

    return check


def breaks(proposal: Proposal, facts: Facts) -> Finding | None:
    raise ZeroDivisionError("of all things")


N, A, O, F = Weight.NOTE, Weight.ASK, Weight.OBSERVE, Weight.FORBID  # noqa: E741


@pytest.mark.parametrize(
    ("weights", "verdict"),
    [
        pytest.param((), "allow", id="nobody objects"),
        pytest.param((None, None), "allow", id="silence"),
        pytest.param((N,), "allow", id="a note"),
        pytest.param((N, A), "ask", id="ask"),
        pytest.param((A, O), "observe", id="observe over ask"),
        pytest.param((F, O, A, N), "deny", id="forbid over all"),
        pytest.param((N, A, O, F), "deny", id="in whatever order"),
    ],
)
def test_the_strictest_finding_wins(weights: tuple[Weight | None, ...], verdict: str) -> None:
    said = decide(desk.proposal(), [says(weight) for weight in weights], desk.facts())
    assert said.verdict == verdict
    assert len(said.findings) == sum(weight is not None for weight in weights)


def test_a_check_that_breaks_forbids_and_says_so() -> None:
    said = decide(desk.proposal(), [says(None), breaks], desk.facts())
    assert said.verdict == "deny"
    assert "could not answer (ZeroDivisionError: of all things)" in said.findings[0].text


@pytest.mark.parametrize(
    ("row", "roles", "count"),
    [
        pytest.param(desk.row(), ("performance",), 1, id="the row's"),
        pytest.param(
            desk.row(approvals={"roles": ("manager", "approver:legal"), "count": 2}),
            ("manager", "approver:legal"),
            2,
            id="two people",
        ),
        pytest.param(desk.row(risk="low", approvals={}), ("manager",), 1, id="none named"),
        pytest.param(None, ("manager",), 1, id="no row"),
    ],
)
def test_who_must_answer_comes_from_the_row(row: Any, roles: tuple[str, ...], count: int) -> None:
    said = decide(desk.proposal(), [says(Weight.ASK)], desk.facts(row=row))
    assert isinstance(said, Ask)
    assert (said.need.roles, said.need.count) == (roles, count)


# The fields without which nothing can be judged; each one gone must deny, never allow.
_GONE: dict[str, Any] = {
    "row": None,
    "phase": None,
    "connection_mode": None,
    "headrooms": None,
    "declared_kinds": None,
}
# What is none where there is none of it; each check says what that means.
_MAY_BE_NONE = {"proposer", "promised_lately", "daily_room", "most_change", "pack"}
# A fact of each kind that is none of them: no text, no number, no list, no noun.
_WRONG = object()


@pytest.mark.parametrize("field", list(_GONE))
def test_a_missing_fact_denies(field: str) -> None:
    said = decide(desk.proposal(), load(), desk.facts(**{field: _GONE[field]}))
    assert said.verdict == "deny"


@pytest.mark.parametrize("field", [one.name for one in fields(Facts)])
def test_a_mistyped_fact_denies(field: str) -> None:
    """Whoever acts: nothing is judged on a fact that nobody can read."""
    for asked in (desk.proposal(), desk.proposal(by=desk.ANA)):
        said = decide(asked, load(), desk.facts(**{field: _WRONG}))
        assert said.verdict == "deny", said


@pytest.mark.parametrize(
    "field",
    [one.name for one in fields(Facts) if one.name not in _MAY_BE_NONE | {"current"}],
)
def test_a_fact_that_must_be_told_denies_when_it_is_missing(field: str) -> None:
    said = decide(desk.proposal(), load(), desk.facts(**{field: None}))
    assert said.verdict == "deny", said


def test_the_untouched_facts_are_allowed() -> None:
    assert decide(desk.proposal(), load(), desk.facts()).verdict == "allow"


def test_a_connection_mode_nobody_knows_denies() -> None:
    said = decide(desk.proposal(), load(), replace(desk.facts(), connection_mode="LIVE"))  # type: ignore[arg-type]
    assert said.verdict == "deny"
