"""Diff: what a change would change, field by field, with typed values."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.app.pages.words import HIDDEN, label, typed
from drumbeat.app.rule_diff import shown
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import is_for_review
from drumbeat.core.money import Money
from drumbeat.files.entry import ABSENT, ROW
from drumbeat.files.whole import in_reading_order
from drumbeat.gate.registry import ROLL_OUT
from drumbeat.web.views.decision import DiffRow


def rows_of(action: Action, zone: ZoneInfo) -> tuple[DiffRow, ...]:
    """The fields that change; for something new, the fields a person would ask about."""
    if action.kind == budget_move.KIND:
        return tuple(_moved(action))
    before, after = _state(action.before), _state(action.after)
    if not isinstance(action.after, dict | None) or not isinstance(action.before, dict | None):
        return (DiffRow("Value", _plain(action.before), _plain(action.after)),)
    if action.kind == ROLL_OUT:
        name = action.target.rpartition("/")[2]
        return (DiffRow(label(name), _plain(before.get("value")), _plain(after.get("value"))),)
    currency = action.spend_delta.currency
    if is_for_review(action.kind):
        if before.get(ROW) == ABSENT:
            before = {}
        if action.kind == "campaign.create":
            after = in_reading_order(after)
        before, after = _in_words(before), _in_words(after)
    fields = [f for f in dict.fromkeys((*before, *after)) if before.get(f) != after.get(f)]
    rows = tuple(
        DiffRow(
            label(field),
            typed(field, before.get(field), currency, zone),
            typed(field, after.get(field), currency, zone),
        )
        for field in fields
        if _is_shown(field)
    )
    return (*rows, *_spend(action), *_reach(action))


def _moved(action: Action) -> Iterator[DiffRow]:
    """Each line item on both sides, then what is the same: what both may spend in all."""
    currency = action.spend_delta.currency
    steps = budget_move.steps(action)
    for one in steps:
        campaign, _, name = one.target.partition(":")[2].partition("/")
        before, after = (Money(minor=m, currency=currency) for m in (one.before, one.after))
        yield DiffRow(f"{campaign}, {name.replace('-', ' ')}: a day", before, after)
    sums = (sum(one.before for one in steps), sum(one.after for one in steps))
    was, then = (Money(minor=minor, currency=currency) for minor in sums)
    yield DiffRow("All of these together: a day", was, then)


def _in_words(state: dict[str, Any]) -> dict[str, Any]:
    """A rule's blocks told in full: who approves is the very thing that is decided."""
    return {
        name: shown(value) if isinstance(value, dict | list) else value
        for name, value in state.items()
    }


def _is_shown(field: str) -> bool:
    return field not in HIDDEN


def _spend(action: Action) -> tuple[DiffRow, ...]:
    """The most it lets be spent beside now."""
    if not action.spend_delta.minor:
        return ()
    return (DiffRow("May be spent in all, beside now", None, action.spend_delta),)


def _reach(action: Action) -> tuple[DiffRow, ...]:
    if not action.audience_size:
        return ()
    return (DiffRow("People reached", None, f"{action.audience_size:,}"),)


def _state(state: Any) -> dict[str, Any]:
    return state if isinstance(state, dict) else {}


def _plain(value: Any) -> str | None:
    return None if value is None else str(value).replace("_", " ")
