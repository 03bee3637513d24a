"""Connections: what Drumbeat reads from and writes to, how fresh it is, and what is wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from drumbeat.web.views.decision import CheckLine
from drumbeat.web.views.value import Tone


@dataclass(frozen=True)
class ConnectionRow:
    """``mode`` is read-only, shadow or live; ``used`` is the fraction of the quota, None where
    the platform does not tell."""

    id: str
    connector: str
    mode: str
    state: str
    tone: Tone
    last_read: datetime | None = None
    used: float | None = None
    quota: str = ""
    problem: str = ""
    fix: str = ""


@dataclass(frozen=True)
class SourceRow:
    """A data source with the age it has and the age it may have. ``is_quiet``: it is older, and
    nothing was live since that it could have told of."""

    name: str
    updated_at: datetime | None
    allowed: timedelta
    used_by: str
    is_stale: bool
    is_quiet: bool = False


@dataclass(frozen=True)
class HealthView:
    """Every declared connection, every data source of the campaigns, and what the doctor found."""

    connections: tuple[ConnectionRow, ...]
    sources: tuple[SourceRow, ...]
    doctor: tuple[CheckLine, ...]


class ConnectionReads(Protocol):
    """What the connections page needs: all of it read now, for which every platform is asked
    whether it works."""

    def health(self) -> HealthView: ...
