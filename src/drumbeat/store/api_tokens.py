"""API tokens: what programs sign in with; kept as digests, cut down to scopes, revocable."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.access_tables import api_token


@dataclass(frozen=True)
class ApiToken:
    """``digest`` is of the secret, which is shown once and kept nowhere. ``scopes`` are the names
    of the rights it is cut down to."""

    id: str
    digest: str
    account: str
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    until: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether it still counts."""
        return self.revoked_at is None and now < self.until


def add(connection: sa.Connection, made: ApiToken) -> None:
    """Keep a new one."""
    connection.execute(api_token.insert(), {**vars(made), "scopes": list(made.scopes)})


def of_digest(connection: sa.Connection, digest: str) -> ApiToken | None:
    """The token whose secret has this digest, live or not."""
    query = sa.select(api_token).where(api_token.c.digest == digest)
    row = connection.execute(query).mappings().first()
    return _read(row) if row else None


def everything(connection: sa.Connection) -> list[ApiToken]:
    """All of them, the newest first."""
    query = sa.select(api_token).order_by(api_token.c.made_at.desc(), api_token.c.id)
    return [_read(row) for row in connection.execute(query).mappings()]


def touch(connection: sa.Connection, token_id: str, now: datetime) -> None:
    """It was used."""
    connection.execute(api_token.update().where(api_token.c.id == token_id).values(used_at=now))


def revoke(connection: sa.Connection, token_id: str, now: datetime) -> ApiToken | None:
    """It counts no more, from this commit on; None where there is no live one of this name."""
    wanted = (api_token.c.id == token_id) & api_token.c.revoked_at.is_(None)
    row = connection.execute(sa.select(api_token).where(wanted)).mappings().first()
    if row is None:
        return None
    connection.execute(api_token.update().where(wanted).values(revoked_at=now))
    return _read(row)


def _read(row: sa.RowMapping) -> ApiToken:
    return ApiToken(**{**row, "scopes": tuple(row["scopes"])})
