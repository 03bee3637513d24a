"""Comment: what a person says of an asset; it decides nothing, and the ledger says it was said."""

from dataclasses import dataclass

from drumbeat.core.canonical import digest, name
from drumbeat.gate.door import Door
from drumbeat.store import comments, ledger
from drumbeat.store.comments import Comment

LONGEST = 2000
_ONLY_LOOK = frozenset({"viewer"})


@dataclass(frozen=True)
class NotSaid:
    """Nothing was kept, and why."""

    why: str


def comment(
    door: Door, asset: str, version: str, account: str, text: str, *, campaign: str, cycle: str
) -> Comment | NotSaid:
    """Pin a remark to a version of an asset. Saying the same at the same moment is one remark.

    The words are kept beside the ledger, which has their fingerprint: they can be taken out.
    """
    known = door.rules.person(account)
    if known is None or known.roles <= _ONLY_LOOK:
        return NotSaid(f"{account} may look at assets, not comment on them")
    said = text.strip()
    if not said or len(said) > LONGEST:
        return NotSaid(f"a comment has between 1 and {LONGEST:,} characters")
    key = name("com", asset, version, account, said, door.now.isoformat())
    made = Comment(key, asset, version, account, door.now, said)
    with door.database.write() as transaction:
        if comments.add(transaction, made):
            ledger.append(
                transaction,
                "commented",
                at=door.now,
                actor=f"person:{account}",
                subject=asset,
                campaign=campaign,
                cycle=cycle,
                version=version,
                text_digest=digest(said),
            )
    return made
