"""Erase: somebody asked to be forgotten. Of a contact every trace goes but a mark against writing
to them; of a guest who looked by a link, what they said and were called."""

from dataclasses import dataclass

from drumbeat.connectors.contact_hash import contact_hash
from drumbeat.gate.barred import barred
from drumbeat.gate.door import Door
from drumbeat.gate.share import guest_of
from drumbeat.store import comments, events, ledger, shares, subjects
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
    """Nothing was touched, and why. ``is_unclear``: it does not say whom or why; ``is_missing``:
    there is nobody of that name."""

    why: str
    is_unclear: bool = False
    is_missing: bool = False


@dataclass(frozen=True)
class GuestErased:
    """How many remarks lost their words and name; ``is_scrubbed`` as for a contact."""

    remarks: int
    is_scrubbed: bool


def erase_guest(
    door: Door, share_id: str, account: str, reason: str, called: str = ""
) -> GuestErased | NotErased:
    """Forget what a guest's link said, for good, and whom it was for; it shows nothing any more.

    ``called``: only what was said under this name, where several people used the link. The
    ledger keeps its chain: it has fingerprints of remarks, and never names a guest.
    """
    if why := barred(door, account, _ROLES, "erase anybody"):
        return NotErased(why)
    if not reason.strip():
        return NotErased("say why it is erased", is_unclear=True)
    with door.database.write() as transaction:
        made = shares.load(transaction, share_id)
        if made is None:
            why = f"there is no link {share_id}; drumbeat guest list shows them"
            return NotErased(why, is_missing=True)
        guest = guest_of(made)
        names = comments.guests_by(transaction).get(guest, [])
        if called and called not in names:
            known = ", ".join(names) or "nobody"
            why = f"nobody called {called} spoke by this link, but {known}"
            return NotErased(why, is_missing=True)
        remarks = comments.erase(transaction, guest, called or None)
        if not called:
            shares.erase(transaction, share_id)
            shares.end(transaction, share_id, door.now)
        ledger.append(
            transaction,
            "guest_erased",
            at=door.now,
            actor=f"person:{account}",
            subject=made.subject,
            campaign=made.campaign,
            cycle=made.cycle,
            share=share_id,
            remarks=remarks,
            reason=reason.strip(),
        )
    return GuestErased(remarks, door.database.scrub())


def erase(door: Door, address: str, account: str, reason: str) -> Erased | NotErased:
    """Forget everything about an address, for good. Asking again finds nothing and is harmless.

    Nobody writes to them again: a one-way mark is what honours that. The ledger gains a line
    that names nobody, and its chain stays whole, for it never held the contact.
    """
    if why := barred(door, account, _ROLES, "erase anybody"):
        return NotErased(why)
    if "@" not in address or not reason.strip():
        return NotErased("name an email address, and say why it is erased", is_unclear=True)
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
