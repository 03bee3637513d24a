"""Notebook: what the watch remembers of a live cycle between two looks."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from drumbeat.core.campaign.guardrail_rule import Reference
from drumbeat.core.noun import Noun
from drumbeat.core.operations.guardrail import Snapshot
from drumbeat.core.units import Moment
from drumbeat.store import settings

# Enough for every "for: 2d" guardrail, at a look an hour.
_KEPT = 56


class Look(Noun):
    """The cycle's counts so far, as known at one moment."""

    at: Moment
    counts: dict[str, float]


class Notebook(Noun):
    """``told`` holds when each finding was last reported; ``lines`` what moving lines stand at."""

    looks: tuple[Look, ...] = ()
    told: dict[str, Moment] = Field(default_factory=dict)
    lines: dict[str, float] = Field(default_factory=dict)
    has_lines: bool = False
    score: float = 0.0

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        return tuple(Snapshot(look.at, look.counts) for look in self.looks)

    @property
    def references(self) -> dict[tuple[str, Reference], float]:
        """The lines by metric and what they are."""
        named = ((name.partition("/"), value) for name, value in self.lines.items())
        return {(metric, Reference(kind)): value for (metric, _, kind), value in named}

    def after(self, now: datetime, counts: dict[str, float]) -> "Notebook":
        """One more look, the oldest dropped. A look taken again after a crash is still one."""
        before = (look for look in self.looks if look.at != now)
        looks = (*before, Look(at=now, counts=counts))[-_KEPT:]
        return self.model_copy(update={"looks": looks})


def load(connection: sa.Connection, cycle: str) -> Notebook:
    """A cycle's notebook as the last look left it; a blank one before the first."""
    return read(settings.get(connection, name_of(cycle)))


def read(kept: Any) -> Notebook:
    """The notebook as it is kept; a blank one for a cycle that has none."""
    return Notebook.model_validate(kept) if kept else Notebook()


def name_of(cycle: str) -> str:
    """Under which name a cycle's notebook is kept."""
    return f"watch:{cycle}"


def save(connection: sa.Connection, cycle: str, notebook: Notebook) -> None:
    """Keep it until the next look, in place of what the last one left."""
    settings.put(connection, name_of(cycle), notebook.model_dump(mode="json"))
