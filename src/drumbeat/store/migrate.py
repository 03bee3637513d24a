"""Migrate: brings a database to the newest schema, with Alembic run from code."""

from pathlib import Path
from typing import TYPE_CHECKING

import alembic.util
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from drumbeat.store.shape import UnknownSchema
from drumbeat.store.tables import metadata

if TYPE_CHECKING:
    from drumbeat.store.database import Database


def upgrade(database: "Database", revision: str = "head") -> None:
    """Run what is missing, in one transaction; a database that is newest already is left alone.

    Raises UnknownSchema.
    """
    try:
        _upgrade(database, revision)
    except alembic.util.CommandError as error:
        raise UnknownSchema(str(error)) from error


def _upgrade(database: "Database", revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    with (
        database.engine.begin() as connection,
        EnvironmentContext(
            config, script, fn=lambda current, _: script._upgrade_revs(revision, current)
        ) as context,
    ):
        if database.is_sqlite:
            # Alembic ends the transaction by itself; its beginning is ours to say.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(connection=connection, target_metadata=metadata)
        context.run_migrations()
