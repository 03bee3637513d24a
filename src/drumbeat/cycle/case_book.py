"""Case book: what the optimizer looked at and what it answered, kept so that it can be asked again.

Of each cycle the last reviews that proposed something stay, and the last that did not; of money
between campaigns the last answers that people were told of.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import Field, TypeAdapter

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.between import LiveCampaign, LiveMove
from drumbeat.agents.improving.case import ImprovementCase
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.agents.refusal import Refusal
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.money import Money
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment
from drumbeat.store import settings

# A case holds half a year of days, and what stands longer ago is somebody's history.
_KEPT = 2
_CASE = TypeAdapter(ImprovementCase)
_CAMPAIGNS = TypeAdapter(tuple[LiveCampaign, ...])
# What is no cycle's own.
BETWEEN = "between"

T = TypeVar("T")


class Answer(Noun):
    """What the optimizer wanted changed, each change by name, from what to what; ``why`` it wanted
    nothing, where it did not."""

    changes: tuple[str, ...] = ()
    why: str = ""

    @property
    def told(self) -> str:
        return "; ".join(self.changes) or self.why


class KeptCase(Noun):
    """A case as it was, with the answer it got."""

    at: Moment
    answer: Answer
    case: Any


class _Book(Noun):
    cases: tuple[KeptCase, ...] = Field(default=())


def answer_of(found: tuple[Suggestion, ...] | Hold | Refusal | LiveMove) -> Answer:
    """The answer in a form in which two of them can be held against each other."""
    match found:
        case Refusal() as refusal:
            return Answer(why=f"{refusal.why}: {'; '.join(refusal.missing)}")
        case Hold() as hold:
            return Answer(why=hold.reason)
        case LiveMove() as move:
            return Answer(changes=tuple(_moved(move, target) for target in move.before))
        case suggestions:
            actions = [action for one in suggestions for action in one.actions]
            return Answer(changes=tuple(_said(action) for action in actions))


def is_news(connection: sa.Connection, of: str, answer: Answer) -> bool:
    """Whether the answer is another than the last one kept: the same hold day after day is one."""
    return bool(settings.get(connection, f"answered:{of}", "") != digest(answer))


def keep(transaction: sa.Connection, case: ImprovementCase, answer: Answer) -> None:
    """Keep what a review looked at; one that is held again after a crash is still one."""
    made = KeptCase(at=case.now, answer=answer, case=_CASE.dump_python(case, mode="json"))
    _put(transaction, case.cycle, made)


def keep_between(
    transaction: sa.Connection, campaigns: Sequence[LiveCampaign], answer: Answer, at: Moment
) -> None:
    """The same of what runs of campaigns, weighed against each other."""
    kept = _CAMPAIGNS.dump_python(tuple(campaigns), mode="json")
    _put(transaction, BETWEEN, KeptCase(at=at, answer=answer, case=kept))


def reviews(connection: sa.Connection, cycle: str) -> tuple[tuple[KeptCase, ImprovementCase], ...]:
    """The kept reviews of a cycle with their cases. A case of another version is left out."""
    return _read(connection, cycle, _CASE.validate_python)


def between(
    connection: sa.Connection,
) -> tuple[tuple[KeptCase, tuple[LiveCampaign, ...]], ...]:
    """The kept looks at money between campaigns."""
    return _read(connection, BETWEEN, _CAMPAIGNS.validate_python)


def _read(
    connection: sa.Connection, of: str, reader: Callable[[Any], T]
) -> tuple[tuple[KeptCase, T], ...]:
    found: list[tuple[KeptCase, T]] = []
    for one in _Book.model_validate(settings.get(connection, f"cases:{of}", {})).cases:
        try:
            found.append((one, reader(one.case)))
        except ValueError:
            continue
    return tuple(found)


def _put(transaction: sa.Connection, of: str, made: KeptCase) -> None:
    name = f"cases:{of}"
    before = _Book.model_validate(settings.get(transaction, name, {})).cases
    cases = [*(one for one in before if one.at != made.at), made]
    changed = [one for one in cases if one.answer.changes][-_KEPT:]
    calm = [one for one in cases if not one.answer.changes][-_KEPT:]
    kept = sorted((*changed, *calm), key=lambda one: one.at)
    settings.put(transaction, name, _Book(cases=tuple(kept)).model_dump(mode="json"))
    settings.put(transaction, f"answered:{of}", digest(made.answer))


def _moved(move: LiveMove, target: str) -> str:
    currency = move.taker.currency
    was, now = (_money(found[target], currency) for found in (move.before, move.after))
    return f"{_thing(target)}: daily budget {was} to {now}"


def _said(action: Action) -> str:
    """One change: what it does, to which target, and the fields that differ."""
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    fields = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    currency = action.spend_delta.currency
    steps = (
        f"{field.removesuffix('_minor').replace('_', ' ')} {was} to {now}"
        for field in fields
        for was, now in [[_value(field, one.get(field), currency) for one in (before, after)]]
    )
    return f"{KINDS[action.kind].title}: {_thing(action.target)}: {', '.join(steps)}"


def _value(field: str, value: Any, currency: str) -> str:
    if field.endswith("_minor") and isinstance(value, int):
        return _money(value, currency)
    if not isinstance(value, list):
        return str(value)
    return ", ".join(str(one["name"] if isinstance(one, dict) else one) for one in value)


def _money(minor: int, currency: str) -> str:
    return str(Money(minor=minor, currency=currency))


def _thing(target: str) -> str:
    return target.partition(":")[2]
