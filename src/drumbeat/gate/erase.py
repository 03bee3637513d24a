"""Erase: a contact asked to be forgotten: every trace goes but a mark against writing to them."""

from dataclasses import dataclass

from drumbeat.connectors.contact_hash import contact_hash
from drumbeat.gate.door import Door
from drumbeat.store import events, ledger, subjects
from drumbeat.store.subjects import Forgotten

# Who may order it; it cannot be taken back.
_ROLES = frozenset({"admin", "manager"})


@dataclass(frozen=True)
class Erased:
    """What was found and is gone. ``is_scrubbed``: the file holds no remains of it either; when
    not, somebody else was reading, and running it again will do."""

    found: Forgotten
    is_scrubbed: bool


@dataclass(frozen=True)
class NotErased:
    """Nothing was touched, and why."""

    why: str


def erase(door: Door, address: str, account: str, reason: str) -> Erased | NotErased:
    """Forget everything about an address, for good. Asking again finds nothing and is harmless.

    Nobody writes to them again: a one-way mark is what honours that. The ledger gains a line
    that names nobody, and its chain stays whole, for it never held the contact.
    """
    known = door.rules.accounts.get(account)
    if known is None or known.is_agent or not known.is_active:
        return NotErased(f"{account} is nobody who may erase a contact")
    if not known.roles & _ROLES:
        return NotErased(f"it takes one of these roles: {', '.join(sorted(_ROLES))}")
    if "@" not in address or not reason.strip():
        return NotErased("name an email address, and say why it is erased")
    contact = contact_hash(address, door.key)
    with door.database.write() as transaction:
        found = subjects.forget(transaction, contact)
        events.suppress(transaction, subjects.mark(contact), "erased", door.now)
        ledger.append(
            transaction,
            "contact_erased",
            at=door.now,
            actor=f"person:{account}",
            subject="contact",
            events=found.events,
            deliveries=found.deliveries,
            reason=reason.strip(),
        )
    return Erased(found, door.database.scrub())
