"""Shape: whether the tables that are there are the ones this version speaks to."""

import sqlalchemy as sa

from drumbeat.store import (
    access_tables,
    experiment_tables,
    platform_tables,
    shadow_tables,
    trouble_tables,
)
from drumbeat.store.tables import metadata

# Named here so that they are imported: their tables are then in the metadata as well.
_MORE = (access_tables, experiment_tables, platform_tables, shadow_tables, trouble_tables)
_SQLITE = (
    "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
)
_POSTGRES = (
    "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema()"
)
_NAMED = 3


class UnknownSchema(Exception):
    """The database says it has a schema that this version has never heard of."""


def difference(connection: sa.Connection) -> str:
    """What this version expects and does not find, or finds and does not know; empty if nothing."""
    statement = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
    there = {(table, column) for table, column in connection.exec_driver_sql(statement)}
    wanted = {(t.name, c.name) for t in metadata.tables.values() for c in t.columns}
    strange = {one for one in there if one[0] in metadata.tables}
    parts = [_told("it lacks", wanted - there), _told("it has besides", strange - wanted)]
    return " and ".join(part for part in parts if part)


def _told(lead: str, columns: set[tuple[str, str]]) -> str:
    if not columns:
        return ""
    names = sorted(".".join(one) for one in columns)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{lead} {', '.join(names[:_NAMED])}{more}"
