"""Settings: small facts about the installation itself."""

from typing import Any

import sqlalchemy as sa

from drumbeat.store.tables import setting


def get(connection: sa.Connection, name: str, default: Any = None) -> Any:
    row = connection.execute(sa.select(setting.c.value).where(setting.c.name == name)).first()
    return row.value if row else default


def put(connection: sa.Connection, name: str, value: Any) -> None:
    changed = setting.update().where(setting.c.name == name).values(value=value)
    if connection.execute(changed).rowcount == 0:
        connection.execute(setting.insert(), {"name": name, "value": value})
