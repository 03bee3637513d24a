"""Fold: rows that tell the same again become one group, in their order; a page opens it to all."""

from collections.abc import Callable, Hashable, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TypeVar

from drumbeat.web.views.campaign import TraceRow
from drumbeat.web.views.change import ChangeRow, Way

T = TypeVar("T")
# Two of a kind are read as fast as their sum; that nothing was changed is read faster in one line.
_LEAST, _LEAST_HELD = 3, 2
# Agents look once a day: what they left alone on one day is one line, on another day another.
_DAY = timedelta(hours=12)


def fold_changes(rows: Sequence[ChangeRow]) -> tuple[tuple[ChangeRow, ...], ...]:
    """Neighbours by the same actor that did the same in one campaign, and campaigns that were
    left alone together; of one campaign's rows, the looks that left it alone for one reason.
    What can still be undone stands alone: its button must be seen."""
    is_of_one = len({row.campaign_id for row in rows}) == 1
    key = partial(_alike, is_of_one)
    return _folded(rows, key, lambda row: _LEAST_HELD if row.is_held else _LEAST)


def fold_steps(rows: Sequence[TraceRow]) -> tuple[tuple[TraceRow, ...], ...]:
    """Neighbours that say the same; what decided a cycle stands alone."""
    return _folded(rows, _same, lambda _: _LEAST)


def _folded(
    rows: Sequence[T], key: Callable[[T], Hashable], least: Callable[[T], int]
) -> tuple[tuple[T, ...], ...]:
    """Neighbours with one key together, where there are at least so many of their kind."""
    split: list[tuple[T, ...]] = []
    for _, neighbours in groupby(rows, key=key):
        group = tuple(neighbours)
        split += [group] if len(group) >= least(group[0]) else [(one,) for one in group]
    return tuple(split)


def _alike(is_of_one: bool, row: ChangeRow) -> Hashable:
    if row.back.way is Way.UNDO:
        return row.id
    if row.is_held:
        together = row.why if is_of_one else (row.at + _DAY).date()
        # Money between campaigns is nobody's own: it is told beside them, not as one of them.
        return row.actor, row.is_lesson, bool(row.campaign_id), together
    told = (row.kind,) if row.kind else (row.field, row.why)
    return row.actor, row.campaign_id, *told, str(row.before), str(row.after)


def _same(row: TraceRow) -> Hashable:
    return ("deciding", row.at) if row.is_deciding else (row.kind, row.text)
