"""Deliveries: one mail to one contact under one permit, claimed before it goes out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from drumbeat.store import events
from drumbeat.store.database import Database
from drumbeat.store.platform_tables import delivery
from drumbeat.store.subjects import mark


class Claim(StrEnum):
    """Whether this contact gets this mail now. ``TAKEN``: an earlier attempt has it, or had it
    and died before saying what came of it; sending again could mean twice."""

    YOURS = "yours"
    TAKEN = "taken"
    SUPPRESSED = "suppressed"


class DeliveryBook:
    """The memory of a mail connector; safe to share between threads and processes."""

    # What ``claim`` does below: no mail is handed over on an older reading of the list, and an
    # opt-out is in the one list there is from its commit on.
    READS_OPT_OUTS_AT_DISPATCH = True
    OPT_OUT_HOURS = 0.0

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, contact: str, target: str) -> Claim:
        """What claiming would say now; nothing is written."""
        with self._database.read() as connection:
            return _standing(connection, contact, target)

    def left_claimed(self, target: str) -> frozenset[str]:
        """Contacts of whom no process ever said what came of their mail."""
        mine = delivery.c.target == target, delivery.c.status == "claimed"
        with self._database.read() as connection:
            found = connection.execute(sa.select(delivery.c.contact).where(*mine)).scalars()
            return frozenset(found)

    def give_up(self, target: str, contacts: Collection[str], why: str, at: datetime) -> None:
        """The claims of processes that are gone: whether the mail went out stays unclear."""
        mine = delivery.c.target == target, delivery.c.status == "claimed"
        theirs = delivery.c.contact.in_(sorted(contacts))
        unclear = delivery.update().where(*mine, theirs)
        with self._database.write() as transaction:
            transaction.execute(unclear.values(status="unclear", detail=why, at=at))

    def unclear(self, target: str) -> frozenset[str]:
        """Contacts that may have got the mail, or may not."""
        mine = delivery.c.target == target, delivery.c.status == "unclear"
        with self._database.read() as connection:
            found = connection.execute(sa.select(delivery.c.contact).where(*mine)).scalars()
            return frozenset(found)

    def was_pressed(self, contact: str, since: datetime, *, but: str) -> bool:
        """Whether another mail that pressed its reader went, or may have gone, to the contact."""
        either = delivery.c.contact.in_((contact, mark(contact)))
        mine = sa.select(delivery.c.status).where(
            either,
            delivery.c.presses,
            delivery.c.at >= since,
            delivery.c.target != but,
            delivery.c.status.in_(("sent", "unclear", "claimed")),
        )
        with self._database.read() as connection:
            return connection.execute(mine).first() is not None

    def mailed(self, since: datetime) -> Mapping[str, Sequence[tuple[str, datetime]]]:
        """The mails that went, or may have gone, to each contact since then, with their target."""
        row = delivery.c
        reached = row.status.in_(("sent", "unclear", "claimed"))
        query = sa.select(row.contact, row.target, row.at).where(row.at >= since, reached)
        found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
        with self._database.read() as connection:
            for contact, target, at in connection.execute(query):
                found[contact].append((target, at))
        return found

    def suppressed(self, contacts: Collection[str]) -> frozenset[str]:
        """Those of the contacts whom no claim would be given for any more."""
        with self._database.read() as connection:
            return events.suppressed_of(connection, contacts)

    def claim(
        self,
        permit: str,
        contact: str,
        target: str,
        variant: str,
        at: datetime,
        *,
        presses: bool = False,
    ) -> Claim:
        """Claim one delivery; ``presses``: its words press people. The suppression list is read in
        the same transaction, so an opt-out that was committed before is honoured, whenever the
        audience was built."""
        with self._database.write() as transaction:
            standing = _standing(transaction, contact, target)
            if standing is Claim.TAKEN:
                return standing
            row = {
                "permit": permit,
                "contact": contact,
                "target": target,
                "variant": variant,
                "status": "suppressed" if standing is Claim.SUPPRESSED else "claimed",
                "detail": "",
                "at": at,
                "presses": presses,
            }
            transaction.execute(delivery.insert(), row)
            return standing

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


def _standing(connection: sa.Connection, contact: str, target: str) -> Claim:
    """By target, not by permit: a send asked for again under another permit is still the same
    mail to the same person."""
    either = delivery.c.contact.in_((contact, mark(contact)))
    mine = sa.select(delivery.c.status).where(delivery.c.target == target, either)
    if connection.execute(mine).first():
        return Claim.TAKEN
    return Claim.SUPPRESSED if events.is_suppressed(connection, contact) else Claim.YOURS
