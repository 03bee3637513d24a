"""Agents obey what people said before they propose, cite it, and leave everything else alone."""

from datetime import timedelta
from typing import Any

import pytest

from drumbeat.agents.hold import Hold
from drumbeat.agents.optimizer import Optimizer
from drumbeat.agents.planner import Planner
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.teaching import concerns, heed, taught_by, taught_words, wordings
from drumbeat.core.money import Money
from tests.agents import desk
from tests.core.governance import desk as rules
from tests.core.road.shop import PIECES, TUESDAY

NOW = TUESDAY + timedelta(days=3)
ENTRY, UNTIL = "ledger#7", TUESDAY + timedelta(days=20)


def lesson(**changes: Any) -> Constraint:
    fields: dict[str, Any] = {
        "kind": "ads.set_budget",
        "campaign": "evergreen",
        "reason": "no more money for it",
        "entry": ENTRY,
        "until": UNTIL,
    }
    return Constraint(**fields | changes)


def budget(before: int, after: int, delta: int | None = None) -> Action:
    moved = after - before if delta is None else delta
    return rules.action(
        kind="ads.set_budget",
        before={"daily_budget_minor": before},
        after={"daily_budget_minor": after},
        spend_delta=Money(minor=moved, currency="EUR"),
    )


def taught(after: int, instead: int | None = None) -> Constraint:
    """A person rejected 100.00 → ``after``, or made it ``instead``."""
    own = budget(100_00, instead) if instead is not None else None
    return taught_by(budget(100_00, after), "too much", "other", ENTRY, rules.NOW, own)


@pytest.mark.parametrize(
    ("wish", "said", "left"),
    [
        pytest.param((100_00, 120_00), taught(130_00), None, id="turned down"),
        pytest.param((100_00, 80_00), taught(130_00), (80_00, -20_00), id="the other way"),
        pytest.param((100_00, 120_00), taught(130_00, 110_00), (110_00, 10_00), id="made smaller"),
        pytest.param((100_00, 105_00), taught(130_00, 110_00), (105_00, 5_00), id="within it"),
        pytest.param((100_00, 70_00), taught(60_00, 90_00), (90_00, -10_00), id="less, smaller"),
        pytest.param((9, 12), taught(130_00, 110_00), None, id="nothing is left of it"),
    ],
)
def test_a_wish_goes_no_further_than_people_went(
    wish: tuple[int, int], said: Constraint, left: tuple[int, int] | None
) -> None:
    found = heed(budget(*wish), [said], rules.NOW)
    if left is None:
        assert (found.action, found.lesson) == (None, said)
        return
    assert found.action is not None
    assert isinstance(found.action.after, dict)
    assert (found.action.after["daily_budget_minor"], found.action.spend_delta.minor) == left
    assert not concerns(said, found.action, rules.NOW)


def test_a_lesson_that_is_over_binds_nobody() -> None:
    said = taught(130_00)
    assert heed(budget(100_00, 120_00), [said], said.until).action == budget(100_00, 120_00)


def wished(*overrides: Constraint) -> Any:
    """What is suggested for two line items, one of which brings more for the same money."""
    return Optimizer().improve(desk.improvement_case(overrides=overrides))


def test_the_optimizer_holds_and_names_the_lesson_that_makes_it() -> None:
    before = wished()
    assert not isinstance(before, Hold)
    said = [
        lesson(kind=action.kind, target=action.target, direction=way)
        for one in before
        for action in one.actions
        for way in (-1, 1)
    ]
    found = wished(*said)
    assert isinstance(found, Hold)
    assert found.reason == f"lesson {ENTRY}"
    assert "a person said before: no more money for it (ledger#7)" in found.text
    assert [one.source for one in found.evidence] == [ENTRY]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"target": "line_item:evergreen/other", "direction": 1}, id="another target"),
        pytest.param({"kind": "ads.pause", "target": "line_item:evergreen/visitors"}, id="kind"),
        pytest.param({"campaign": "elsewhere"}, id="another campaign"),
        pytest.param({"until": NOW}, id="expired"),
    ],
)
def test_an_unrelated_situation_is_unaffected(changes: dict[str, Any]) -> None:
    assert wished(lesson(**changes)) == wished()


def test_what_only_asks_is_cited_and_asked() -> None:
    (before, *_), (after, *_) = wished(), wished(lesson())
    assert after.actions == before.actions
    assert [one.source for one in after.evidence] == [*(o.source for o in before.evidence), ENTRY]


def plan(**changes: Any) -> Plan:
    made = Planner().plan(desk.planning_case(**changes))
    assert isinstance(made, Plan), made
    return made


def test_the_planner_takes_another_theme_and_says_whose_word_it_follows() -> None:
    first = plan().angle.theme
    said = lesson(kind="campaign.launch", campaign="weekly", theme=first)
    angle = plan(overrides=(said,)).angle
    assert angle.theme != first
    assert f"instead of {first}" in angle.why
    assert ENTRY in [one.source for one in angle.citations]
    elsewhere = lesson(kind="campaign.launch", campaign="other", theme=first)
    assert plan(overrides=(elsewhere,)) == plan()


def test_with_no_other_theme_people_are_asked_again_knowingly() -> None:
    themes = {topic for piece in PIECES.values() for topic in piece.topics}
    said = tuple(lesson(kind="campaign.launch", campaign="weekly", theme=one) for one in themes)
    angle = plan(overrides=said).angle
    assert angle.theme == plan().angle.theme
    assert "although people turned down" in angle.why


def launched(minor: int) -> Action:
    """A line item that starts: there is nothing it had before."""
    return rules.action(
        kind="ads.launch_line_item",
        before=None,
        after={"daily_budget_minor": minor},
        spend_delta=rules.euros(minor // 100 * 7),
    )


def test_a_start_that_a_person_made_smaller_is_asked_for_no_larger_again() -> None:
    taught = taught_by(launched(6000), "half is enough", "other", ENTRY, NOW, launched(3000))
    assert [concerns(taught, launched(one), NOW) for one in (6000, 3001, 3000)] == [
        True,
        True,
        False,
    ]
    heeded = heed(launched(6000), [taught], NOW).action
    assert heeded is not None
    assert heeded.after == {"daily_budget_minor": 3000}
    assert heeded.spend_delta == rules.euros(210)
    refused = taught_by(launched(6000), "not at all", "other", ENTRY, NOW)
    assert concerns(refused, launched(100), NOW)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        pytest.param([("a", "b")], {"a": "b"}, id="once"),
        pytest.param([("a", "b"), ("b", "a")], {"b": "a"}, id="restored"),
        pytest.param([("a", "b"), ("b", "c")], {"a": "c", "b": "c"}, id="changed again"),
        pytest.param([("", "b")], {}, id="of nothing"),
    ],
)
def test_the_last_word_on_a_text_counts(edits: list[tuple[str, str]], said: dict[str, str]) -> None:
    wish = rules.action(kind="campaign.launch", after={"theme": "brewing"})
    told = ("a slip", "other", ENTRY)
    taught = [one for edit in edits for one in taught_words(wish, [edit], told, NOW)]
    assert wordings(taught) == said
    # A text is no theme: the next launch about the same is not asked about for it.
    assert not any(concerns(one, wish, NOW) for one in taught)
