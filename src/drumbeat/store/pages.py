"""Pages: how the brand's own pages answered last, one row a page."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.operations.page_reading import PageReading
from drumbeat.store.platform_tables import page


def of(connection: sa.Connection, addresses: Collection[str]) -> dict[str, PageReading]:
    """The last reading of each page that was ever read."""
    if not addresses:
        return {}
    asked = sa.select(page.c.address, page.c.reading).where(page.c.address.in_(sorted(addresses)))
    found = connection.execute(asked)
    return {row.address: PageReading.model_validate(row.reading) for row in found}


def save(connection: sa.Connection, readings: Collection[PageReading]) -> None:
    """Keep them, each in place of the one before."""
    if not readings:
        return
    rows = [
        {"address": one.address, "read_at": one.read_at, "reading": one.model_dump(mode="json")}
        for one in {each.address: each for each in readings}.values()
    ]
    connection.execute(page.delete().where(page.c.address.in_([row["address"] for row in rows])))
    connection.execute(page.insert(), rows)


def last_read(connection: sa.Connection) -> datetime | None:
    """When any page was read last."""
    found: datetime | None = connection.scalar(sa.select(sa.func.max(page.c.read_at)))
    return found
