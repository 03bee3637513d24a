"""Compose: builds a working Drumbeat from a workspace folder; knows every concrete class."""

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from drumbeat.app.notifying import chats_of, ways_of
from drumbeat.app.rule_change import with_rules_of
from drumbeat.app.rules import rules_of
from drumbeat.app.secrets_file import MissingSecret, secret_of, settings_of, workspace_key
from drumbeat.connectors.contract import Capability, Connector
from drumbeat.connectors.manifest import BadManifest, Manifest
from drumbeat.connectors.registry import Wiring, build, discover
from drumbeat.connectors.rule_files import RULE_FILES, RuleFiles
from drumbeat.core.campaign.workspace import Connection
from drumbeat.core.governance.checks.load import load as load_checks
from drumbeat.cycle.library import Library
from drumbeat.engine import brake
from drumbeat.engine.clock import Clock, SystemClock
from drumbeat.engine.lock import DatabaseLock
from drumbeat.files.load import LoadedWorkspace, load
from drumbeat.gate.desk import StoreDesk
from drumbeat.gate.door import Chat, Door, Platform, Way
from drumbeat.gate.gate import Gate
from drumbeat.store import dues
from drumbeat.store.database import Database, sqlite_url

if TYPE_CHECKING:
    from drumbeat.cycle.desk import Office
    from drumbeat.cycle.work import CampaignWork, Chore


class CannotOpen(Exception):
    """A workspace whose files are good cannot be put to work: which connection, and what to do."""


@dataclass(frozen=True)
class App:
    """Everything that runs one workspace. ``close`` when done."""

    home: Path
    database: Database
    clock: Clock
    gate: Gate
    library: Library
    # How often the watch looks at what is not hot.
    calm_hours: int = 1
    # What the sign-in service knows this workspace by; empty where there is none.
    oidc_secret: str = field(default="", repr=False)
    # Held while this process drives the database by itself.
    lock: DatabaseLock | None = None

    @property
    def files(self) -> LoadedWorkspace:
        """The workspace as it is in force."""
        return self.library.files

    @cached_property
    def office(self) -> "Office":
        """Where cycles are worked on; imported only then, for it is most of the code."""
        from drumbeat.app.team import team_for
        from drumbeat.cycle.desk import Desks, Office
        from drumbeat.cycle.signals import DailySignals

        team = team_for(self.files)
        return Office(self.gate, self.library, team, DailySignals(), Desks(), self.calm_hours)

    @cached_property
    def work(self) -> "CampaignWork":
        """What the ticks do."""
        from drumbeat.cycle.work import CampaignWork

        made = CampaignWork(self.office)
        made.chores["promotions"] = _promotions(self)
        if any(way.is_personal for way in self.gate.door.ways.values()):
            made.chores["monday"] = _monday(self)
        return made

    def reload_rules(self) -> None:
        """Put the rules in force as their files have them now: one of them was changed by a
        proposal, here or in another process."""
        _reload(self.home, self.library, self.gate.door)

    def close(self) -> None:
        self.database.close()
        if self.lock is not None:
            self.lock.release()


def open_app(
    home: Path,
    *,
    database_url: str | None = None,
    clock: Clock | None = None,
    durable: bool = True,
    key: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    calm_hours: int = 1,
) -> App:
    """Open a workspace. ``database_url`` defaults to ``drumbeat.db`` in it; ``calm_hours`` is how
    often the watch looks at what is not hot.

    Raises WorkspaceInvalid, DatabaseUnusable or CannotOpen: each says what is wrong and what to do.
    """
    home = home.resolve()
    files = load(home)
    clock = clock or SystemClock()
    database = Database(database_url or sqlite_url(home / "drumbeat.db"), durable=durable)
    database.migrate()
    key = key or workspace_key(home)
    is_braked = partial(brake.is_pressed, home)
    desk = StoreDesk(database, key, clock.now, is_braked)
    wire = _Wire(home, database, clock, key, desk, environment or os.environ)
    rule_files = RuleFiles(
        desk, home, lambda: library.files.digests, lambda: _changed(home, library, door)
    )
    own = Platform(rule_files, rule_files.capabilities(), key_window=None, look_up_lag=timedelta())
    door = Door(
        database=database,
        clock=clock,
        checks=load_checks(),
        rules=rules_of(files),
        platforms={**wire.platforms(files), RULE_FILES: own},
        key=key,
        is_braked=is_braked,
        pages=wire.pages_from(files),
        ways=wire.ways(files),
        chats=wire.chats(files),
    )
    gate = Gate(door)
    library = Library(files, clock.now().date())
    return App(home, database, clock, gate, library, calm_hours, wire.oidc_secret(files))


def _reload(home: Path, library: Library, door: Door) -> None:
    """The changed rules for everybody at once: stages, pages and the gate."""
    library.files = with_rules_of(library.files, load(home))
    door.rules = rules_of(library.files)


def _changed(home: Path, library: Library, door: Door) -> None:
    """A rule was written: in force here at once, and a campaign that is new is due from now on."""
    before = set(library.campaigns)
    _reload(home, library, door)
    for name in sorted(library.campaigns.keys() - before):
        with door.database.write() as transaction:
            dues.schedule_new(transaction, f"campaign:{name}", door.now)


def _monday(app: App) -> "Chore":
    """The week's letters; imported here because they need the whole app."""

    def look(transaction: sa.Connection) -> datetime:
        from drumbeat.app import monday

        return monday.look(app, transaction)

    return look


def _promotions(app: App) -> "Chore":
    """What agents have lost and earned; imported here because it needs the whole app."""

    def look(transaction: sa.Connection) -> datetime:
        from drumbeat.app import promotions

        return promotions.look(app, transaction)

    return look


@dataclass(frozen=True)
class _Wire:
    """Builds the connectors a workspace names."""

    home: Path
    database: Database
    clock: Clock
    key: bytes
    desk: StoreDesk
    environment: Mapping[str, str]

    def platforms(self, files: LoadedWorkspace) -> dict[str, Platform]:
        known = _discovered(self.home / "plugins")
        found: dict[str, Platform] = {}
        for connection in files.workspace.connections:
            if connection.connector not in known:
                names = ", ".join(sorted(known))
                text = f"connection {connection.id}: no connector {connection.connector!r}; {names}"
                raise CannotOpen(text)
            manifest, _ = known[connection.connector]
            wiring = Wiring(
                connection=connection.id,
                settings=self._settings(connection),
                desk=self.desk,
                clock=self.clock,
                database=self.database,
                contact_key=self.key,
                home=self.home,
                domains=files.workspace.brand.domains,
                website=files.workspace.brand.website,
            )
            connector = _built(manifest, wiring)
            found[connection.id] = Platform(
                connector=connector,
                capabilities=connector.capabilities(),
                key_window=manifest.key_window,
                look_up_lag=manifest.look_up_lag or timedelta(),
                overspend=manifest.overspend,
            )
        return found

    def pages_from(self, files: LoadedWorkspace) -> str:
        """The connection that reads the brand's pages: one that does nothing else. Where every
        connection is of one made-up market, that has a shop of its own; its word counts for
        nothing beside a real platform."""
        known = _discovered(self.home / "plugins")
        declared = [(one.id, known[one.connector][0]) for one in files.workspace.connections]
        able = [(name, made) for name, made in declared if Capability.PAGES in made.capabilities]
        readers = [name for name, made in able if not made.kinds]
        if not readers and len(able) == len(declared):
            readers = [name for name, _ in able]
        return next(iter(readers), "")

    def ways(self, files: LoadedWorkspace) -> dict[str, Way]:
        try:
            return ways_of(files.workspace, self.environment, self.clock)
        except (ValueError, ImportError, LookupError, OSError) as error:
            raise CannotOpen(str(error)) from error

    def oidc_secret(self, files: LoadedWorkspace) -> str:
        entry = files.workspace.web.oidc
        try:
            return secret_of("web.oidc", entry.secret, self.environment) if entry else ""
        except (MissingSecret, OSError) as error:
            raise CannotOpen(str(error)) from error

    def chats(self, files: LoadedWorkspace) -> dict[str, Chat]:
        try:
            return chats_of(files.workspace, self.environment)
        except (ValueError, LookupError, OSError) as error:
            raise CannotOpen(str(error)) from error

    def _settings(self, connection: Connection) -> dict[str, str]:
        try:
            return settings_of(connection, self.environment)
        except (MissingSecret, OSError) as error:
            raise CannotOpen(str(error)) from error


def _built(manifest: Manifest, wiring: Wiring) -> Connector:
    try:
        return build(manifest, wiring)
    except (ValueError, ImportError, LookupError, OSError, sqlite3.Error) as error:
        raise CannotOpen(f"connection {wiring.connection}: {error}") from error


def _discovered(plugins: Path) -> dict[str, tuple[Manifest, Path]]:
    try:
        return discover(plugins)
    except BadManifest as error:
        raise CannotOpen(str(error)) from error
