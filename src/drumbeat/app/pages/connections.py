"""Connections: what Drumbeat reads from and writes to, how fresh its data is, and the doctor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from drumbeat.app.health import examine
from drumbeat.app.pages.ground import Ground
from drumbeat.connectors.contract import Quota
from drumbeat.core.campaign.campaign import DataSource
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.cycle.harvest import last_due
from drumbeat.gate import internal
from drumbeat.store import objects, pages, readings
from drumbeat.store.objects import Watched
from drumbeat.web.views.connection import ConnectionRow, HealthView, SourceRow
from drumbeat.web.views.decision import CheckLine, CheckState
from drumbeat.web.views.value import Tone

_TONES = {
    ConnectionMode.LIVE: Tone.GOOD,
    ConnectionMode.SHADOW: Tone.WATCH,
    ConnectionMode.READ_ONLY: Tone.COLD,
}


@dataclass(frozen=True)
class Connections:
    """Asks anew at every call; a connection that does not work is a row that says so, no error."""

    ground: Ground

    def health(self) -> HealthView:
        """Asks every connection whether it works."""
        with self.ground.app.database.read() as connection:
            rows = tuple(self._rows(connection))
            sources = tuple(self._sources(connection))
        doctor = tuple(
            CheckLine(
                CheckState.PASSED if one.is_well else CheckState.FAILED,
                f"{one.name}: {one.detail}",
            )
            for one in examine(self.ground.app)
        )
        return HealthView(rows, sources, doctor)

    def _rows(self, connection: sa.Connection) -> Iterator[ConnectionRow]:
        door = self.ground.app.gate.door
        newest = readings.newest_by_campaign(connection)
        for declared in self.ground.app.files.workspace.connections:
            platform = door.platforms.get(declared.id)
            mode = internal.mode_of(door, connection, declared.id) or ConnectionMode.READ_ONLY
            health = platform.connector.check() if platform else None
            is_well = health is not None and health.is_well
            quota = health.quota if health else None
            only_reads = platform is not None and platform.only_reads
            yield ConnectionRow(
                id=declared.id,
                connector=declared.connector,
                mode=str(mode),
                state="works" if is_well else "does not work",
                tone=_TONES[mode] if is_well else Tone.BAD,
                last_read=self._last_read(newest, declared.id)
                or self._pages(connection, declared.id),
                used=min(1.0, quota.share) if quota else None,
                quota=self._quota(quota) if quota else "",
                problem="" if is_well or health is None else health.detail,
                fix="" if mode is ConnectionMode.LIVE or only_reads else _grant(declared.id),
            )

    def _quota(self, told: Quota) -> str:
        """``258 of 300 calls, anew at 14:05``, in the workspace's zone."""
        said = f"{told.used:,} of {told.limit:,} {told.unit}"
        local = told.resets_at.astimezone(self.ground.zone) if told.resets_at else None
        return f"{said}, anew at {local:%H:%M}" if local else said

    def _last_read(self, newest: dict[str, datetime], connection: str) -> datetime | None:
        """When a campaign that uses the connection was measured last."""
        users = (n for n, c in self.ground.campaigns.items() if connection in c.connection.values())
        return max((newest[name] for name in users if name in newest), default=None)

    def _pages(self, connection: sa.Connection, name: str) -> datetime | None:
        """When the connection that reads our pages read one last."""
        return pages.last_read(connection) if name == self.ground.app.gate.door.pages else None

    def _sources(self, connection: sa.Connection) -> Iterator[SourceRow]:
        newest = readings.newest_by_campaign(connection)
        live = objects.alive(connection, self.ground.now)
        for name, campaign in self.ground.campaigns.items():
            mine = [one for one in live if one.campaign == name]
            for source in campaign.data_sources:
                allowed = max(source.max_age or timedelta(days=365), self._pace)
                updated = self._updated(source, newest.get(name))
                is_old = updated is not None and self._age(source, updated) > allowed
                is_owed = is_old and self._is_owed(source, mine, updated)
                yield SourceRow(
                    name=f"{source.name} ({source.source})",
                    updated_at=updated,
                    allowed=allowed,
                    used_by=f"{campaign.title}: {source.used_for}",
                    is_stale=is_owed,
                    is_quiet=is_old and not is_owed,
                )

    def _is_owed(self, source: DataSource, live: list[Watched], updated: datetime | None) -> bool:
        """Whether something had to be read since, and was not: of a mail that went out last week
        nothing new comes, and figures that nothing adds to are not too old. What is no connection
        of ours is as old as it says."""
        if source.source not in self.ground.app.gate.door.platforms:
            return True
        over = [one for one in live if one.connection == source.source]
        due = last_due(over, self.ground.now, self.ground.app.office)
        return due is not None and (updated is None or updated < due)

    @property
    def _pace(self) -> timedelta:
        """How often we ask: between two looks nothing can be newer than the last."""
        return timedelta(hours=self.ground.app.office.calm_hours)

    def _updated(self, source: DataSource, read: datetime | None) -> datetime | None:
        """A file's last change, or the campaign's last reading."""
        path = self.ground.app.home / source.source
        if path.is_file():
            return datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return read

    def _age(self, source: DataSource, updated: datetime) -> timedelta:
        """How old it is. Files live in real time, where a demo's clock means nothing."""
        is_file = (self.ground.app.home / source.source).is_file()
        return timedelta() if is_file else self.ground.now - updated


def _grant(connection: str) -> str:
    return f"It only reads. A manager lets it write: drumbeat connect {connection} live"
