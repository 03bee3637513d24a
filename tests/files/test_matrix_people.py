"""A matrix may not ask for more people than there are, and says where a proposer would be stuck."""

from collections.abc import Mapping
from typing import Any

import pytest

from drumbeat.core.campaign.shelf import Shelf
from drumbeat.files.references.matrix import matrix_mistakes

TEAM: Mapping[str, frozenset[str]] = {
    "ana": frozenset({"operator"}),
    "dana": frozenset({"manager", "approver:budget"}),
    "tomas": frozenset({"approver:budget"}),
    "lena": frozenset({"approver:legal"}),
}


def found(row: Any, **more: frozenset[str]) -> list[tuple[bool, str]]:
    """Whether each mistake is a warning, and its text."""
    holders = {**TEAM, **more}
    shelf = Shelf(holders=holders, roles_held=frozenset().union(*holders.values()))
    mistakes = matrix_mistakes({"actions": {"ads.pause": row}}, shelf)
    return [(one.is_warning, one.message) for one in mistakes]


def row(*roles: str, count: int = 1, **more: Any) -> dict[str, Any]:
    return {"approvals": {"roles": list(roles), "count": count}, **more}


STUCK = "nobody may approve their own proposal, so what {} proposes finds fewer than {} to approve"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param("forbidden", [], id="forbidden"),
        pytest.param({"risk": "low"}, [], id="asks nobody"),
        pytest.param(row("manager", "approver:legal"), [], id="enough"),
        pytest.param(row("manager"), [(True, STUCK.format("dana", 1))], id="one manager"),
        pytest.param(row("manager", people=["operator"]), [], id="who may not propose it"),
        pytest.param(
            row("manager", "approver:budget", count=2),
            [(True, STUCK.format("dana, tomas", 2))],
            id="two of two",
        ),
        pytest.param(
            row("manager", "approver:budget", count=3),
            [
                (
                    False,
                    "asks for 3 of approver:budget, manager, and drumbeat.yaml has only dana",
                )
            ],
            id="three of two",
        ),
        pytest.param(
            row("performance"),
            [(False, "asks for 1 of performance, and drumbeat.yaml has nobody")],
            id="a role nobody holds",
        ),
        pytest.param(
            row("performance", "manager", "approver:legal"),
            [(True, "nobody in drumbeat.yaml holds the role performance")],
            id="one of several roles",
        ),
        pytest.param({"approvals": {"roles": "manager", "count": "two"}}, None, id="mistyped"),
        pytest.param({"approvals": 7}, [], id="no block"),
    ],
)
def test_a_row_and_the_people_there_are(given: Any, wanted: list[tuple[bool, str]] | None) -> None:
    told = found(given)
    if wanted is not None:
        assert [warns for warns, _ in told] == [warns for warns, _ in wanted]
        assert all(text.startswith(said) for (_, text), (_, said) in zip(told, wanted, strict=True))


def test_a_second_manager_is_what_helps() -> None:
    assert found(row("manager"), sara=frozenset({"manager"})) == []


def test_without_people_there_is_another_mistake_to_tell() -> None:
    assert list(matrix_mistakes({"actions": {"ads.pause": row("manager")}}, Shelf())) == []
