"""Policy table: the action matrix as lines a person can read."""

from dataclasses import dataclass
from typing import Literal

from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.matrix import ActionMatrix, Row
from drumbeat.core.units import show_duration, show_percent


@dataclass(frozen=True)
class PolicyLine:
    """One action kind in words. ``alone`` says from when agents act without asking."""

    kind: str
    title: str
    agents: str
    risk: str
    alone: str
    consent: str
    bounds: str


def lines(matrix: ActionMatrix) -> tuple[PolicyLine, ...]:
    """One line for every kind there is, those without a row among them: they are denied."""
    return tuple(line(kind, matrix.row(kind)) for kind in KINDS)


def line(kind: str, row: Row | Literal["forbidden"] | None) -> PolicyLine:
    """What the row of one kind says."""
    title = KINDS[kind].title if kind in KINDS else ""
    if not isinstance(row, Row):
        said = "forbidden" if row == "forbidden" else "denied: no row"
        return PolicyLine(kind, title, "nobody", "", said, "", "")
    return PolicyLine(
        kind=kind,
        title=title,
        agents=", ".join(row.agents) or "people only",
        risk=str(row.risk),
        alone=_alone(row),
        consent=consent(row),
        bounds=_bounds(row),
    )


def consent(row: Row) -> str:
    """Who must agree when it asks: ``1 of performance, manager``."""
    owners = ", the campaigns' owners among them" if row.approvals.owners else ""
    return f"{row.approvals.count} of {', '.join(row.approvals.roles or ('manager',))}{owners}"


def _alone(row: Row) -> str:
    if row.always_ask:
        return "never: always asks"
    return f"from {row.phase}" if row.agents else "never: people only"


def _bounds(row: Row) -> str:
    limits, hold, rest = row.limits, row.hold, row.cooldown
    said = (
        (row.min_confidence or None, f"confidence {row.min_confidence:.2f}"),
        (row.signals or None, f"{row.signals} signals"),
        (hold, f"acts {show_duration(hold)} later below it" if hold else ""),
        (rest, f"cool-down {show_duration(rest)}" if rest else ""),
        (limits.per_change, f"{show_percent(limits.per_change or 0)} at once"),
        (limits.per_day, f"{show_percent(limits.per_day or 0)} a day"),
        (limits.changes_per_day, f"{limits.changes_per_day} a day and target"),
        (limits.changes_per_month, f"{limits.changes_per_month} a month and target"),
        (limits.spend_per_change, f"{limits.spend_per_change} more at once"),
        (limits.spend_per_day, f"{limits.spend_per_day} more a day"),
    )
    return ", ".join(text for value, text in said if value is not None)
