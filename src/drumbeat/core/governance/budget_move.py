"""Budget move: money from the line items of one live campaign to those of another, as one change.

Its state names what each line item may spend a day, in minor units, and their sum on the side that
gets the money: both ways of it read alike, so that taking a move back is a move.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.core.governance.action import Action
from drumbeat.core.json_value import JsonValue

KIND = "budget.move"
# What the campaign that gets the money has a day in all of the line items named.
RECEIVES = "receives_minor"
_PREFIX = "line_item:"


@dataclass(frozen=True)
class Step:
    """A line item whose daily budget goes from ``before`` to ``after``, in minor units."""

    target: str
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before


def state(taker: str, budgets: Mapping[str, int]) -> dict[str, JsonValue]:
    """What a move starts from or leads to; ``budgets`` by target, ``taker`` a campaign."""
    theirs = sum(minor for target, minor in budgets.items() if campaign_of(target) == taker)
    return {RECEIVES: theirs, **dict(sorted(budgets.items()))}


def target_of(giver: str, taker: str) -> str:
    """``move:<giver>/<taker>``: what a move between two campaigns changes, either way."""
    return f"move:{giver}/{taker}"


def sides(action: Action) -> tuple[str, str]:
    """Who gives and who gets: taken back, a move goes the other way."""
    first, _, second = action.target.partition(":")[2].partition("/")
    is_back = sum(one.by for one in steps(action) if campaign_of(one.target) == second) < 0
    return (second, first) if is_back else (first, second)


def steps(action: Action) -> tuple[Step, ...]:
    """Every line item that changes, what is lowered first."""
    before, after = _budgets(action.before), _budgets(action.after)
    changed = (
        Step(target, before.get(target, 0), after.get(target, 0))
        for target in before.keys() | after.keys()
        if before.get(target) != after.get(target)
    )
    return tuple(sorted(changed, key=lambda one: (one.by > 0, one.target)))


def amount(action: Action) -> int:
    """Minor units a day that change sides."""
    return sum(one.by for one in steps(action) if one.by > 0)


def objection(action: Action) -> str:
    """Why this is no move; empty where it is one: two sides, and nothing added in all."""
    changed = steps(action)
    names = {campaign_of(one.target) for one in changed}
    if not changed or names != set(action.target.partition(":")[2].split("/")) or len(names) != 2:
        return "a move lowers line items of one campaign and raises those of another"
    giver, taker = sides(action)
    if any((one.by < 0) != (campaign_of(one.target) == giver) for one in changed):
        return f"a move only lowers what {giver} has and only raises what {taker} has"
    if sum(one.by for one in changed):
        # To the cent, so that taking it back adds nothing either.
        return "a move gives exactly what it takes: both may spend as much as before in all"
    if any(min(one.before, one.after) <= 0 for one in changed):
        return "a move neither starts nor ends a line item"
    return ""


def campaign_of(target: str) -> str:
    """The campaign in ``line_item:<campaign>/<name>``."""
    return target.removeprefix(_PREFIX).partition("/")[0]


def _budgets(found: JsonValue) -> dict[str, int]:
    kept = found if isinstance(found, dict) else {}
    return {
        name: value
        for name, value in kept.items()
        if name.startswith(_PREFIX) and isinstance(value, int) and not isinstance(value, bool)
    }
