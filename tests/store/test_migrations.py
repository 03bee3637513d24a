"""Migrations lead to exactly the tables that code names, from nothing and again."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from drumbeat.store.database import Database
from drumbeat.store.tables import metadata


def test_the_migrations_make_the_tables_code_names(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_heads() != ()


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = inspect(database.engine).get_table_names()
    database.migrate()
    assert inspect(database.engine).get_table_names() == before


def test_every_table_has_a_key(database: Database) -> None:
    assert [table.name for table in metadata.tables.values() if not table.primary_key] == []
