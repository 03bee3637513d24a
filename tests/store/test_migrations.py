"""Migrations lead to exactly the tables that code names, from nothing and again."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from drumbeat.store.database import NEWEST, Database, DatabaseUnusable
from drumbeat.store.tables import metadata


def test_the_migrations_make_the_tables_code_names(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        # What spares a database that is up to date the search for migrations.
        assert context.get_current_heads() == (NEWEST,)


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = inspect(database.engine).get_table_names()
    database.migrate()
    assert inspect(database.engine).get_table_names() == before


def test_every_table_has_a_key(database: Database) -> None:
    assert [table.name for table in metadata.tables.values() if not table.primary_key] == []


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        pytest.param("ALTER TABLE cycle RENAME COLUMN stage TO phase", "it lacks cycle.stage and "
                     "it has besides cycle.phase", id="an older column"),
        pytest.param("DROP TABLE passkey", "it lacks passkey.", id="no table"),
        pytest.param("UPDATE alembic_version SET version_num = '9999'", "9999", id="newer"),
    ],
)  # fmt: skip
def test_a_database_of_another_version_is_left_alone_and_told(
    database: Database, statement: str, why: str
) -> None:
    with database.write() as transaction:
        transaction.exec_driver_sql(statement)
    before = inspect(database.engine).get_table_names()
    with pytest.raises(DatabaseUnusable, match="made by another version of Drumbeat") as told:
        database.migrate()
    assert why in str(told.value)
    assert "Nothing in it was changed" in str(told.value)
    assert inspect(database.engine).get_table_names() == before
