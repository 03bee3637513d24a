"""Minutes: what people agreed in a weekly review, kept by week; the ledger says who kept them."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment
from drumbeat.store import ledger, settings


class Minutes(Noun):
    """The text as it was kept last."""

    text: str
    by: str
    at: Moment


def of_week(connection: sa.Connection, week: str) -> Minutes | None:
    """The minutes of an ISO week such as 2026-W47; None while nobody has kept any."""
    kept = settings.get(connection, _key(week))
    return Minutes.model_validate(kept) if kept else None


def keep(transaction: sa.Connection, week: str, made: Minutes) -> None:
    """Put a week's minutes down, in place of what stood there, and say so in the ledger."""
    settings.put(transaction, _key(week), made.model_dump(mode="json"))
    at: datetime = made.at
    ledger.append(
        transaction, "minuted", at=at, actor=f"person:{made.by}", subject=week, text=made.text
    )


def _key(week: str) -> str:
    return f"minutes:{week}"
