"""Notebook: what a connector made, for platforms that cannot be asked for all of it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.json_value import JsonValue
from drumbeat.store.database import Database
from drumbeat.store.platform_tables import made


@dataclass(frozen=True)
class Note:
    """``ref`` is the platform's name for what ``permit`` made at ``target``."""

    target: str
    permit: str
    ref: str
    state: JsonValue


class Notebook:
    """The notes of one connection."""

    def __init__(self, database: Database, connection: str) -> None:
        self._database = database
        self._connection = connection

    def read(self, target: str) -> Note | None:
        query = sa.select(made.c.target, made.c.permit, made.c.ref, made.c.state)
        with self._database.read() as connection:
            row = connection.execute(query.where(*self._at(target))).first()
        return Note(*row) if row else None

    def by_ref(self, ref: str) -> Note | None:
        """The note of what the platform calls ``ref``."""
        query = sa.select(made.c.target, made.c.permit, made.c.ref, made.c.state)
        mine = made.c.connection == self._connection, made.c.ref == ref
        with self._database.read() as connection:
            row = connection.execute(query.where(*mine)).first()
        return Note(*row) if row else None

    def write(self, note: Note, at: datetime) -> None:
        with self._database.write() as transaction:
            transaction.execute(made.delete().where(*self._at(note.target)))
            row = {**vars(note), "connection": self._connection, "at": at}
            transaction.execute(made.insert(), row)

    def strike(self, target: str) -> None:
        """Forget a target that is no longer there."""
        with self._database.write() as transaction:
            transaction.execute(made.delete().where(*self._at(target)))

    def _at(self, target: str) -> tuple[sa.ColumnElement[bool], ...]:
        return made.c.connection == self._connection, made.c.target == target
