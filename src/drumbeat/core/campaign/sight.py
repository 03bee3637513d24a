"""Sight: what one agent may see during one batch of reads, and what it asked for in vain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from drumbeat.core.campaign.data_scope import columns_of, permits
from drumbeat.core.campaign.history import HistoryRow
from drumbeat.core.noun import Noun

T = TypeVar("T")
Record = TypeVar("Record", bound=Noun)


# What a record is called is part of every column of it.
_NAMES = frozenset({"id", "version"})


class Reader(Protocol):
    """An agent's role, as far as reading goes: its name, and the scopes and columns it declares."""

    @property
    def name(self) -> str: ...

    @property
    def reads(self) -> frozenset[str]: ...


@dataclass
class Sight:
    """``granted`` are the agent's scopes and columns; ``seen`` and ``denied`` fill as it reads."""

    agent: str
    granted: tuple[str, ...]
    seen: dict[str, None] = field(default_factory=dict)
    denied: dict[str, None] = field(default_factory=dict)

    @property
    def left(self) -> tuple[str, ...]:
        """What was granted and not asked for."""
        used = {*self.seen, *(one.partition(".")[0] for one in self.seen)}
        return tuple(sorted({one for one in self.granted if one not in used}))

    def may(self, scope: str) -> bool:
        """Whether a scope or a column of one may be read; the question is remembered."""
        allowed = permits(self.granted, scope)
        (self.seen if allowed else self.denied)[scope] = None
        return allowed

    def show(self, scope: str, value: T, otherwise: T) -> T:
        """The value, or what stands for knowing nothing."""
        return value if self.may(scope) else otherwise

    def records(self, scope: str, records: Iterable[Record]) -> tuple[Record, ...]:
        """The records with only the columns granted: other fields are as if never filled in.

        Where a field without which a record is none is not granted, there are no records.
        """
        columns = columns_of(self.granted, scope)
        if columns is None:
            self.seen[scope] = None
            return tuple(records)
        told = (_narrowed(one, columns) for one in records)
        found = tuple(one for one in told if one is not None)
        self._remember(scope, columns, is_any=bool(found))
        return found

    def rows(self, scope: str, rows: Iterable[HistoryRow]) -> tuple[HistoryRow, ...]:
        """Rows of the past with only the columns granted: dimensions, measures and amounts."""
        columns = columns_of(self.granted, scope)
        if columns is None:
            self.seen[scope] = None
            return tuple(rows)
        self._remember(scope, columns, is_any=bool(columns))
        return tuple(_row(one, columns) for one in rows) if columns else ()

    def names(self, scope: str, names: Iterable[str]) -> frozenset[str]:
        """Those of the columns' names that may be read."""
        columns = columns_of(self.granted, scope)
        wanted = frozenset(names)
        if columns is None:
            self.seen[scope] = None
            return wanted
        for name in sorted(wanted):
            (self.seen if name in columns else self.denied)[f"{scope}.{name}"] = None
        return wanted & columns

    def _remember(self, scope: str, columns: frozenset[str], *, is_any: bool) -> None:
        if is_any:
            self.seen.update(dict.fromkeys(f"{scope}.{column}" for column in sorted(columns)))
        else:
            self.denied[scope] = None


def _narrowed(record: Record, columns: frozenset[str]) -> Record | None:
    fields = type(record).model_fields
    hidden = [name for name in fields if name not in columns | _NAMES]
    if any(fields[name].is_required() for name in hidden):
        return None
    empty = {name: fields[name].get_default(call_default_factory=True) for name in hidden}
    return record.model_copy(update=empty)


def _row(row: HistoryRow, columns: frozenset[str]) -> HistoryRow:
    told = {
        name: {key: value for key, value in getattr(row, name).items() if key in columns}
        for name in ("dimensions", "measures", "amounts")
    }
    campaign = row.campaign if "campaign" in columns else ""
    return row.model_copy(update={**told, "campaign": campaign})
