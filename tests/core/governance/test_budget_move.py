"""A move of money between campaigns: its state reads alike both ways, and what is none is said."""

import pytest

from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import inverse, lowers_risk
from drumbeat.core.governance.teaching import concerns, heed, taught_by
from drumbeat.core.money import Money
from tests.core.governance import desk

A, B, C = "line_item:left/a", "line_item:left/b", "line_item:right/c"


def move(before: dict[str, int], after: dict[str, int]) -> Action:
    return Action(
        kind=budget_move.KIND,
        channel=Channel.WORKSPACE,
        connection="workspace",
        campaign="right",
        target=budget_move.target_of("left", "right"),
        before=budget_move.state("right", before),
        after=budget_move.state("right", after),
        spend_delta=Money.zero("EUR"),
    )


MOVE = move({A: 50, B: 40, C: 30}, {A: 46, B: 40, C: 34})


def test_it_is_read_alike_both_ways() -> None:
    back = inverse(MOVE)
    assert back is not None
    assert budget_move.sides(MOVE) == ("left", "right")
    assert budget_move.sides(back) == ("right", "left")
    assert [one.target for one in budget_move.steps(MOVE)] == [A, C], "lowered first"
    assert [one.target for one in budget_move.steps(back)] == [C, A]
    assert budget_move.objection(back) == ""
    assert (budget_move.amount(MOVE), budget_move.amount(back)) == (4, 4)
    assert inverse(back) == MOVE
    assert not lowers_risk(MOVE)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ({A: 46, B: 40, C: 34}, ""),
        ({A: 46, B: 40, C: 36}, "exactly what it takes"),
        ({A: 45, B: 40, C: 34}, "exactly what it takes"),
        ({A: 45, B: 45, C: 30}, "lowers line items of one campaign"),
        ({A: 44, B: 42, C: 34}, "only lowers what left has"),
        ({A: 0, B: 40, C: 80}, "neither starts nor ends"),
        ({B: 40, C: 80}, "neither starts nor ends"),
        ({A: 50, B: 40, C: 30}, "lowers line items of one campaign"),
    ],
)
def test_what_is_no_move_is_told(after: dict[str, int], says: str) -> None:
    found = budget_move.objection(move({A: 50, B: 40, C: 30}, after))
    assert found.startswith("a move") if says else not found
    assert says in found


def test_a_move_of_others_than_it_names_is_none() -> None:
    other = MOVE.revised(target=budget_move.target_of("left", "middle"))
    assert "lowers line items of one campaign" in budget_move.objection(other)


def test_no_to_a_move_holds_for_every_amount_the_same_way() -> None:
    no = taught_by(MOVE, "not this season", "budget", "ledger#7", desk.NOW)
    larger, back = move({A: 50, C: 30}, {A: 40, C: 40}), inverse(MOVE)
    assert back is not None
    assert concerns(no, larger, desk.NOW)
    assert heed(larger, [no], desk.NOW).action is None
    assert not concerns(no, back, desk.NOW)
