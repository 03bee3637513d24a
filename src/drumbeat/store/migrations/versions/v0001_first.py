"""The first schema: all tables, and a ledger that the database itself keeps append-only."""

from alembic import op

from drumbeat.store import (
    access_tables,
    experiment_tables,
    platform_tables,
    shadow_tables,
    trouble_tables,
)
from drumbeat.store.tables import metadata

revision = "0001"
down_revision = None

# Named here so that they are imported: their tables are then in the metadata as well.
_MORE = (access_tables, experiment_tables, platform_tables, shadow_tables, trouble_tables)

_SQLITE = (
    "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
)
_POSTGRES = (
    "CREATE FUNCTION entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
    "CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON entry "
    "FOR EACH ROW EXECUTE FUNCTION entry_refuse()",
    "CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION entry_refuse()",
)


def upgrade() -> None:
    """Make every table, and the triggers that refuse changes of the ledger."""
    connection = op.get_bind()
    # Before the first release there is one schema; later migrations spell out their changes.
    metadata.create_all(connection)
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.exec_driver_sql(statement)
