"""Health: whether this process can serve: its database answers and its own loops are well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.store import ledger


@dataclass(frozen=True)
class Readiness:
    """``failing`` says what fails now, by name; empty while all is well."""

    app: App
    failing: Callable[[], Mapping[str, str]]

    def problems(self) -> tuple[str, ...]:
        try:
            with self.app.database.read() as connection:
                ledger.number(connection)
        except sa.exc.SQLAlchemyError as error:
            return (f"the database does not answer: {type(error).__name__}",)
        return tuple(f"{name}: {what}" for name, what in self.failing().items())
