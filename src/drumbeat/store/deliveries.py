"""Deliveries: one mail to one contact under one permit, claimed before it goes out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from drumbeat.store import events
from drumbeat.store.database import Database
from drumbeat.store.tables import delivery


class Claim(StrEnum):
    """Whether this contact gets this mail now. ``TAKEN``: an earlier attempt has it, or had it
    and died before saying what came of it; sending again could mean twice."""

    YOURS = "yours"
    TAKEN = "taken"
    SUPPRESSED = "suppressed"


class DeliveryBook:
    """The memory of a mail connector; safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, permit: str, contact: str, target: str, variant: str, at: datetime) -> Claim:
        """Claim one delivery. The suppression list is read in the same transaction, so an
        opt-out that was committed before is honoured, whenever the audience was built."""
        with self._database.write() as transaction:
            # By target, not by permit: a send asked for again under another permit is still
            # the same mail to the same person.
            mine = delivery.c.target == target, delivery.c.contact == contact
            if transaction.execute(sa.select(delivery.c.status).where(*mine)).first():
                return Claim.TAKEN
            suppressed = events.is_suppressed(transaction, contact)
            row = {
                "permit": permit,
                "contact": contact,
                "target": target,
                "variant": variant,
                "status": "suppressed" if suppressed else "claimed",
                "detail": "",
                "at": at,
            }
            transaction.execute(delivery.insert(), row)
            return Claim.SUPPRESSED if suppressed else Claim.YOURS

    def finish(self, permit: str, contact: str, status: str, detail: str, at: datetime) -> None:
        """``sent``, ``refused`` (this contact, for good) or ``unclear``."""
        mine = delivery.c.permit == permit, delivery.c.contact == contact
        with self._database.write() as transaction:
            changed = delivery.update().where(*mine).values(status=status, detail=detail, at=at)
            transaction.execute(changed)

    def release(self, permit: str, contact: str) -> None:
        """Give a claim back: the mail certainly did not go out, and may be tried again."""
        mine = delivery.c.permit == permit, delivery.c.contact == contact
        with self._database.write() as transaction:
            transaction.execute(delivery.delete().where(*mine, delivery.c.status == "claimed"))

    def counts(self, target: str) -> Mapping[str, int]:
        """How many deliveries of a target stand at each status."""
        query = sa.select(delivery.c.status, sa.func.count()).where(delivery.c.target == target)
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(delivery.c.status)).all()
        return {row[0]: row[1] for row in rows}
