"""What was named is held against what was: found, missed, mistaken for another, or a ghost."""

from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.core.operations.cause import Cause
from drumbeat.lab.confusion import confusion
from drumbeat.lab.episode import Episode, Happening, Verdict, episodes, judge

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
STOCK, PIXEL, PAGE = Cause.STOCK_OUT, Cause.TRACKING_BREAK, Cause.SLOW_PAGE


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def named(cause: Cause, first: int, last: int) -> Episode:
    return Episode(cause, day(first), day(last))


def was(cause: Cause, first: int, last: int) -> Happening:
    return Happening(cause, day(first), day(last))


def test_a_cause_named_every_day_is_one_episode() -> None:
    told = [(day(n), STOCK) for n in (3, 1, 2)]
    assert episodes(told) == [named(STOCK, 1, 3)]


def test_a_cause_named_again_after_weeks_is_another_episode() -> None:
    assert episodes([(day(1), STOCK), (day(20), STOCK)]) == [
        named(STOCK, 1, 1),
        named(STOCK, 20, 20),
    ]


def test_saying_noise_or_unknown_names_nothing() -> None:
    assert episodes([(day(1), Cause.NOISE), (day(2), Cause.UNKNOWN)]) == []


@pytest.mark.parametrize(
    ("truth", "found", "pairs"),
    [
        pytest.param([was(STOCK, 5, 9)], [named(STOCK, 6, 9)], {(STOCK, STOCK)}, id="found"),
        pytest.param([was(STOCK, 5, 9)], [], {(STOCK, None)}, id="missed"),
        pytest.param([was(STOCK, 5, 9)], [named(PIXEL, 6, 9)], {(STOCK, PIXEL)}, id="mistaken"),
        pytest.param([], [named(PIXEL, 6, 9)], {(None, PIXEL)}, id="a ghost"),
        pytest.param(
            [was(STOCK, 5, 9)],
            [named(STOCK, 30, 31)],
            {(STOCK, None), (None, STOCK)},
            id="far too late",
        ),
        pytest.param(
            [was(STOCK, 5, 9)],
            [named(STOCK, 6, 9), named(PAGE, 7, 8)],
            {(STOCK, STOCK), (None, PAGE)},
            id="found, with a false alarm beside it",
        ),
        pytest.param(
            [was(STOCK, 5, 25)],
            [named(STOCK, 6, 7), named(STOCK, 20, 26)],
            {(STOCK, STOCK)},
            id="said again while it lasts",
        ),
        pytest.param(
            [was(STOCK, 5, 9), was(PAGE, 5, 9)],
            [named(PAGE, 6, 9), named(STOCK, 6, 9)],
            {(STOCK, STOCK), (PAGE, PAGE)},
            id="two at once",
        ),
    ],
)
def test_what_was_meets_what_was_named(
    truth: list[Happening], found: list[Episode], pairs: set[tuple[Cause | None, Cause | None]]
) -> None:
    assert {(one.truth, one.named) for one in judge(truth, found)} == pairs


def test_the_delay_runs_from_the_beginning_to_the_right_name() -> None:
    (verdict,) = judge([was(STOCK, 5, 9)], [named(STOCK, 7, 9)])
    assert verdict.delay == timedelta(days=2)


def test_precision_counts_ghosts_and_recall_counts_misses() -> None:
    table = confusion(
        [
            Verdict(STOCK, STOCK),
            Verdict(STOCK, STOCK),
            Verdict(STOCK, None),
            Verdict(None, STOCK),
            Verdict(PIXEL, STOCK),
        ]
    )
    score = table.by_cause["stock_out"]
    assert score.precision == 0.5
    assert score.recall == pytest.approx(2 / 3)
    assert table.by_cause["tracking_break"].precision is None
    assert table.total.recall == 0.5
