"""Arms: the sides of a test as a CSV holds them, counted or unit by unit."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.sheet import Sheet

if TYPE_CHECKING:
    from drumbeat.stats.sequential import Summary

Command = TypeVar("Command", bound=Callable[..., object])

ARMS = ("arm", "group", "variant")
_UNITS = ("n", "units", "contacts", "users", "visitors", "recipients", "trials")
_CONVERSIONS = ("conversions", "converted", "successes")
_OUTCOME = ("outcome", "value", "converted", "conversion", "conversions", "revenue")
_UNIT = ("unit", "unit_id", "contact", "contact_id", "user", "user_id")
_STRATA = ("day", "date", "segment", "platform")
_MOST_LABELS = 20
_CONTROL = frozenset(
    {"control", "holdout", "hold-out", "held out", "held-out", "held_out", "nothing", "none"}
)


@dataclass(frozen=True)
class Columns:
    """The columns a person named; None where the usual names are looked for."""

    arm: str | None = None
    outcome: str | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arms:
    """Units by arm. ``conversions`` is None where the outcome is more than yes or no.

    ``strata`` counts units by dimension, label and arm; ``unlooked`` names other columns of few
    labels, which may be parts of the audience that nobody asked about.
    """

    summaries: dict[str, "Summary"]
    conversions: dict[str, int] | None
    strata: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    unlooked: tuple[str, ...] = ()

    def control(self, named: str | None) -> str:
        """The arm the others are compared with. Raises Failure where that is not clear."""
        likely = [arm for arm in self.summaries if _is_control(arm.lower())]
        found = [named] if named in self.summaries else likely
        if (named is not None and named not in self.summaries) or len(found) != 1:
            there = ", ".join(self.summaries)
            wrong = f"no arm is called {named!r}" if named else "say which arm is the control"
            raise Failure(f"--control: {wrong}; the file has {there}", Exit.INVALID)
        return str(found[0])


def arm_options(command: Command) -> Command:
    """The options that say what a file of arms means."""
    arm = click.option("--arm", help="The column of arms (default: arm, group or variant).")
    outcome = click.option(
        "--outcome", help="The column of outcomes, one row a unit (default: outcome, value, …)."
    )
    control = click.option("--control", help="The arm the others are compared with.")
    return arm(outcome(control(command)))


def read_arms(sheet: Sheet, columns: Columns) -> Arms:
    """The arms of a file: rows of arm,n,conversions are added up, else each row is one unit.

    Raises Failure for impossible counts, fewer than two arms, or a unit that appears twice.
    """
    arms = sheet.texts(sheet.column(columns.arm, ARMS))
    if len(set(arms)) < 2:
        sheet.refuse(sheet.lines[0], f"every row is of arm {arms[0]!r}; two arms are needed")
    is_counted = columns.outcome is None and any(sheet.has(name) for name in _UNITS)
    read = _counted if is_counted else _unit_by_unit
    found = read(sheet, arms, columns)
    return replace(found, unlooked=_unlooked(sheet, columns, found))


def _counted(sheet: Sheet, arms: list[str], columns: Columns) -> Arms:
    from drumbeat.stats.sequential import Summary

    units = sheet.counts(sheet.column(None, _UNITS))
    successes = sheet.counts(sheet.column(None, _CONVERSIONS))
    for line, n, converted in zip(sheet.lines, units, successes, strict=True):
        if converted > n:
            sheet.refuse(line, f"{converted} of {n} units cannot have converted")
    n_of, converted_of = _added(arms, units), _added(arms, successes)
    summaries = {arm: Summary.proportion(converted_of[arm], n_of[arm]) for arm in n_of}
    return Arms(summaries, converted_of, _strata(sheet, arms, units, columns.by))


def _unit_by_unit(sheet: Sheet, arms: list[str], columns: Columns) -> Arms:
    from drumbeat.stats.sequential import Summary

    column = sheet.column(columns.outcome, _OUTCOME)
    values = sheet.outcomes(column)
    counts_many = sheet.table.header[column].lower() in _CONVERSIONS and max(values) > 1
    if len(arms) == len(set(arms)) or (counts_many and columns.outcome is None):
        sheet.refuse(
            1,
            "no column says how many units were in an arm (n, units, users, …), and rows are not "
            "one unit each; name the column of outcomes with --outcome if they are",
        )
    _refuse_repeats(sheet, arms)
    strata = _strata(sheet, arms, [1] * len(arms), columns.by)
    if set(values) <= {0.0, 1.0}:
        units = _added(arms, [1] * len(arms))
        converted = _added(arms, [int(value) for value in values])
        shares = {arm: Summary.proportion(converted[arm], units[arm]) for arm in units}
        return Arms(shares, converted, strata)
    of: dict[str, list[float]] = {}
    for arm, value in zip(arms, values, strict=True):
        of.setdefault(arm, []).append(value)
    return Arms({arm: Summary.sample(found) for arm, found in of.items()}, None, strata)


def _refuse_repeats(sheet: Sheet, arms: list[str]) -> None:
    """One row a unit; a unit in two arms is no test at all."""
    if not any(sheet.has(name) for name in _UNIT):
        return
    first: dict[str, int] = {}
    units = sheet.texts(sheet.column(None, _UNIT))
    for row, unit in enumerate(units):
        before = first.setdefault(unit, row)
        if before != row:
            crossed = f"in arm {arms[before]!r} there and in {arms[row]!r} here"
            how = "again" if arms[before] == arms[row] else crossed
            sheet.refuse(
                sheet.lines[row], f"unit {unit!r} of line {sheet.lines[before]} appears {how}"
            )


def _strata(
    sheet: Sheet, arms: list[str], units: Sequence[int], by: tuple[str, ...]
) -> dict[str, dict[str, dict[str, int]]]:
    dimensions = by or tuple(name for name in _STRATA if sheet.has(name))
    found: dict[str, dict[str, dict[str, int]]] = {}
    for name in dimensions:
        labels = sheet.texts(sheet.column(name, ()))
        of = found.setdefault(name, {})
        for label, arm, n in zip(labels, arms, units, strict=True):
            counts = of.setdefault(label, {})
            counts[arm] = counts.get(arm, 0) + n
    return found


def _unlooked(sheet: Sheet, columns: Columns, found: Arms) -> tuple[str, ...]:
    """Columns of two to twenty labels whose split was not checked; of a row an arm, none."""
    if len(sheet.table.rows) == len(found.summaries):
        return ()
    known = {
        sheet.table.header[sheet.column(columns.arm, ARMS)].lower(),
        (columns.outcome or "").lower(),
        *(name.lower() for name in found.strata),
        *(*_UNIT, *_UNITS, *_CONVERSIONS, *_OUTCOME),
    }
    others = [name for name in sheet.table.header if name and name.lower() not in known]
    labels = {name: set(sheet.labels(name)) for name in others}
    return tuple(name for name in others if 2 <= len(labels[name] - {""}) <= _MOST_LABELS)


def _is_control(arm: str) -> bool:
    return arm in _CONTROL or arm.startswith("no ")


def _added(arms: list[str], counts: Sequence[int]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for arm, count in zip(arms, counts, strict=True):
        total[arm] += count
    return dict(total)
