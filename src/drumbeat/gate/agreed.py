"""Agreed: whether people approved this very change before a freeze called it back.

The rules must be those of the approval, its givers still in office, its content the same, and
nothing but the freeze may have touched the target since. An agent that only says so is not
believed: everything is read from what is kept.
"""

import sqlalchemy as sa

from drumbeat.core.canonical import digest
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate.door import Door
from drumbeat.gate.leave import still_may, was_unopposed
from drumbeat.store import effects, proposals
from drumbeat.store.effects import EffectStatus
from drumbeat.store.proposals import Judged, Status

# Whoever cancels what a freeze covers.
FREEZER = Actor.system("freeze")


def is_agreed(door: Door, connection: sa.Connection, asked: Proposal) -> bool:
    """It is a part of what people approved; or what it resumes was approved, carried out, and taken
    back by a freeze alone."""
    if asked.part_of:
        return _with_the_whole(door, connection, asked)
    made = proposals.load(connection, asked.resumes) if asked.resumes else None
    if made is None or not _is_same(asked, made.proposal):
        return False
    return _only_frozen(connection, asked, made.proposal.id) and _approved(door, connection, made)


def _with_the_whole(door: Door, connection: sa.Connection, asked: Proposal) -> bool:
    """The gate itself made it of a move that people approved, and the rules are those of then."""
    whole = proposals.load(connection, asked.part_of)
    own = proposals.load(connection, asked.id)
    if whole is None or own is None or own.proposal.fingerprint != asked.fingerprint:
        return False
    is_ours = own.policy == door.rules.version_for(asked.action.campaign)
    return is_ours and asked.follows == own.proposal.follows and _stands(door, connection, whole)


def _is_same(asked: Proposal, made: Proposal) -> bool:
    return (asked.fingerprint, asked.by, asked.pack) == (made.fingerprint, made.by, made.pack)


def _only_frozen(connection: sa.Connection, asked: Proposal, made: str) -> bool:
    """The only change of the target since it was made is the one that called it back."""
    effect = effects.of_proposal(connection, made)
    if effect is None or effect.finished_at is None or effect.status is not EffectStatus.DONE:
        return False
    since = effects.changes_of(connection, asked.action.target, effect.finished_at)
    later = [one.proposal for one in since if one.proposal not in (made, asked.id)]
    undone = proposals.many(connection, later).values()
    return len(later) == 1 and all(
        one.proposal.by == FREEZER and one.proposal.takes_back == made for one in undone
    )


def _approved(door: Door, connection: sa.Connection, made: Judged) -> bool:
    """By itself, with its pack, or before an earlier freeze."""
    asked = made.proposal
    if made.policy != door.rules.version_for(asked.action.campaign):
        return False
    if _stands(door, connection, made) or _in_pack(door, connection, asked):
        return True
    before = proposals.load(connection, asked.resumes) if asked.resumes else None
    return before is not None and _approved(door, connection, before)


def _in_pack(door: Door, connection: sa.Connection, asked: Proposal) -> bool:
    """The pack may have expired since: it was launched in time."""
    pack = proposals.of_target(connection, f"pack:{asked.pack}") if asked.pack else None
    if pack is None or not _stands(door, connection, pack):
        return False
    after = pack.proposal.action.after
    wanted = after.get("wanted") if isinstance(after, dict) else None
    states = wanted.get(asked.action.target) if isinstance(wanted, dict) else None
    return isinstance(states, list) and digest(asked.action.after) in states


def _stands(door: Door, connection: sa.Connection, judged: Judged) -> bool:
    """Enough people said yes under today's rules, and each of them still may."""
    if judged.policy != door.rules.version_for(judged.proposal.action.campaign):
        return False
    if was_unopposed(judged):
        return True
    given = proposals.approvals(connection, judged.proposal.id, used=None)
    is_approved = judged.status is Status.APPROVED and bool(given)
    return is_approved and all(still_may(door, one) for one in given)
