"""Options that several commands share: where the workspace is, who is asking, JSON or prose."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from drumbeat.cli.exits import Exit, Failure

if TYPE_CHECKING:
    from drumbeat.app.compose import App
    from drumbeat.files.load import LoadedWorkspace
    from drumbeat.store.database import Database

Command = TypeVar("Command", bound=Callable[..., Any])

ROOT_FILE = "drumbeat.yaml"


class NumberRange(click.FloatRange):
    """A number between bounds; "nan" is between none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        return number if math.isfinite(number) else self.fail(f"{value!r} is no number", param, ctx)


def workspace_option(command: Command) -> Command:
    """``-C DIR``: the workspace, or any folder inside it."""
    return click.option(
        "-C",
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        default=Path(),
        help="The workspace (default: here, or the nearest folder above with a drumbeat.yaml).",
    )(command)


def database_option(command: Command) -> Command:
    """``--database URL``: Postgres instead of the workspace's own SQLite file."""
    return click.option(
        "--database",
        metavar="URL",
        envvar="DRUMBEAT_DATABASE",
        help="postgresql://… (default: drumbeat.db in the workspace).",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``: data instead of prose, told to the command as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")(command)


def svg_option(command: Command) -> Command:
    """``--svg FILE``: a chart beside the figures."""
    return click.option(
        "--svg",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write a chart to this file, replacing it.",
    )(command)


def person_option(command: Command) -> Command:
    """``--as PERSON``: who is acting, by id or email address."""
    return click.option(
        "--as",
        "person",
        metavar="PERSON",
        envvar="DRUMBEAT_PERSON",
        help="Who you are: an id or address of drumbeat.yaml (or set DRUMBEAT_PERSON).",
    )(command)


def find_workspace(start: Path) -> Path:
    """The nearest folder at or above ``start`` that holds a workspace. Raises Failure."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / ROOT_FILE).is_file():
            return folder
    text = f"{start}: no {ROOT_FILE} here or above; `drumbeat init DIR` makes a workspace"
    raise Failure(text, Exit.NOT_FOUND)


@contextmanager
def opened(workspace: Path, database: str | None = None) -> Iterator["App"]:
    """The workspace's app, closed afterwards; what cannot be opened says what to do."""
    app = _open(find_workspace(workspace), database)
    try:
        with telling_of_the_database():
            yield app
    finally:
        app.close()


@contextmanager
def telling_of_the_database() -> Iterator[None]:
    """A database that fails in the middle (a full disk, a lost server) is told in one line."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        cause = str(error.orig).splitlines()[0]
        text = f"the database failed: {cause}. Nothing is half-written; see `drumbeat doctor`"
        raise Failure(text) from error


def _open(home: Path, database: str | None) -> "App":
    from drumbeat.app.compose import CannotOpen, open_app
    from drumbeat.app.running import ClockUnreadable, demo_clock
    from drumbeat.files.load import WorkspaceInvalid
    from drumbeat.store.database import DatabaseUnusable

    try:
        return open_app(home, database_url=database, clock=demo_clock(home))
    except WorkspaceInvalid as error:
        text = f"the workspace has mistakes (see `drumbeat check`):\n{error}"
        raise Failure(text, Exit.INVALID) from error
    except (CannotOpen, ClockUnreadable) as error:
        raise Failure(str(error), Exit.INVALID) from error
    except DatabaseUnusable as error:
        raise Failure(str(error)) from error


@contextmanager
def opened_database(home: Path, database: str | None) -> Iterator["Database"]:
    """The workspace's database alone, for what must work whatever else is wrong with its files."""
    from drumbeat.store.database import Database, DatabaseUnusable, sqlite_url

    try:
        found = Database(database or sqlite_url(home / "drumbeat.db"))
        found.migrate()
    except DatabaseUnusable as error:
        raise Failure(str(error)) from error
    try:
        with telling_of_the_database():
            yield found
    finally:
        found.close()


def account_of(app: "App", person: str | None) -> str:
    """The account id behind ``--as``. Raises Failure when nobody, or nobody known, is named."""
    return account_among(app.files, person)


def account_among(files: "LoadedWorkspace", person: str | None) -> str:
    """The same, by the workspace's files alone."""
    if not person:
        people = ", ".join(p.id for p in files.workspace.people if not p.agent)
        raise Failure(f"say who you are: --as PERSON, one of {people}", Exit.INVALID)
    found = files.workspace.person(person)
    if found is None or found.agent:
        raise Failure(f"nobody in {ROOT_FILE} is called {person!r}", Exit.INVALID)
    return found.id


def known_campaign(app: "App", campaign: str) -> str:
    """The campaign's name, once it is known to be one. Raises Failure."""
    return campaign_among(app.files, campaign)


def campaign_among(files: "LoadedWorkspace", campaign: str) -> str:
    """The same, by the workspace's files alone."""
    if campaign in files.campaigns:
        return campaign
    known = ", ".join(files.campaigns)
    there = f"there are {known}" if known else "there is none yet"
    raise Failure(f"no campaign is called {campaign!r}; {there}", Exit.NOT_FOUND)
