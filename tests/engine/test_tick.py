"""Ticks and wakes: a tick enqueued twice is one tick; the first of many deadlines wins."""

from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.engine.tick import Tick, Wake, earliest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_equal_ticks_have_one_name_and_every_part_counts() -> None:
    ticks = [Tick("a", 1), Tick("a", 1, 0), Tick("b", 1), Tick("a", 2), Tick("a", 1, 1)]
    assert len({tick.name for tick in ticks}) == 4


def test_subjects_with_colons_do_not_share_a_name() -> None:
    assert Tick("a:1", 2, 3).name != Tick("a", 12, 3).name


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(("", 0, 0), id="no-subject"),
        pytest.param(("a", -1, 0), id="negative-seq"),
        pytest.param(("a", 0, -1), id="negative-attempt"),
    ],
)
def test_a_tick_that_names_nothing_is_refused(parts: tuple[str, int, int]) -> None:
    with pytest.raises(ValueError, match="a tick"):
        Tick(*parts)


@pytest.mark.parametrize(
    ("wakes", "reason"),
    [
        pytest.param([Wake(NOON, "review"), Wake(NOON - timedelta(1), "approval")], "approval"),
        pytest.param([None, Wake(NOON, "review"), None], "review"),
        pytest.param([Wake(NOON, "review"), Wake(NOON, "approval")], "approval"),
    ],
    ids=["the-earlier", "nothing-to-wait-for-is-skipped", "a-tie-has-one-answer"],
)
def test_the_earliest_deadline_wins(wakes: list[Wake | None], reason: str) -> None:
    found = earliest(*wakes)
    assert found is not None
    assert found.reason == reason


def test_no_deadline_means_no_wake() -> None:
    assert earliest(None, None) is None
