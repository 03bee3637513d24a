"""Sequence: the parts of a move go out in order: money is taken, seen to be taken, then given."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.core.campaign.daily import DAILY_TOTAL
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Weight
from drumbeat.gate import internal, parts, record
from drumbeat.gate.door import Door
from drumbeat.gate.facts import gather, read_current
from drumbeat.gate.leave import has_leave
from drumbeat.store import effects, proposals, settings
from drumbeat.store.effects import Effect, EffectStatus
from drumbeat.store.proposals import Judged


@dataclass(frozen=True)
class NotYet:
    """Its turn has not come."""

    why: str


@dataclass(frozen=True)
class Never:
    """Its turn will not come."""

    why: str


def turn(door: Door, judged: Judged) -> NotYet | Never | None:
    """Why a part may not go out now; None where it is its turn."""
    asked = judged.proposal
    return _after(door, asked) if asked.follows else _ahead(door, asked)


def _after(door: Door, asked: Proposal) -> NotYet | Never | None:
    """What it follows must have been made, and must be what the platforms show."""
    with door.database.read() as connection:
        before = proposals.many(connection, asked.follows)
        made = [effects.of_proposal(connection, one) for one in asked.follows]
    if any(one is None or one.status not in (*effects.OPEN, EffectStatus.DONE) for one in made):
        return Never("what was to be lowered first was not: nothing is raised")
    if any(one is not None and one.status is not EffectStatus.DONE for one in made):
        return NotYet("what is lowered first is on its way")
    for one in before.values():
        seen = budget_of(read_current(door, one.proposal.action))
        if seen is None:
            return NotYet(f"{one.proposal.action.target} cannot be read back")
        if seen > (budget_of(one.proposal.action.after) or 0):
            return NotYet(f"{one.proposal.action.target} is not seen to be lowered yet")
    return None


def _ahead(door: Door, asked: Proposal) -> NotYet | Never | None:
    """Nothing is taken that could not be given: what is to be raised is judged beforehand."""
    with door.database.read() as connection:
        whole = proposals.load(connection, asked.part_of)
        steps = budget_move.steps(whole.proposal.action) if whole else ()
        ids = [parts.part_id(asked.part_of, one.target) for one in steps if one.by > 0]
        raised = list(proposals.many(connection, ids).values())
    if not raised:
        return Never("nobody would get what is taken")
    for one in raised:
        current = read_current(door, one.proposal.action)
        with door.database.read() as connection:
            facts = gather(door, connection, one.proposal, current)
            verdict = decide(one.proposal, door.checks, facts)
            if has_leave(door, connection, one, verdict):
                continue
        said = [found for found in verdict.findings if found.weight >= Weight.ASK]
        why = "; ".join(found.text for found in said)
        if any(found.check == "held" for found in said):
            return NotYet(f"{one.proposal.action.target} may not be raised now: {why}")
        return Never(f"{one.proposal.action.target} may not be raised: {why}")
    return None


def made(door: Door, transaction: sa.Connection, asked: Proposal) -> None:
    """A part was carried out: plans go by what runs now, and the last part makes the move."""
    before, after = budget_of(asked.action.before) or 0, budget_of(asked.action.after) or 0
    key = internal.chosen_by(asked.action.campaign)
    chosen = settings.get(transaction, key, {})
    if str(chosen.get(DAILY_TOTAL) or "").isdecimal():
        total = int(chosen[DAILY_TOTAL]) + after - before
        settings.put(transaction, key, {**chosen, DAILY_TOTAL: str(total)})
    whole = proposals.load(transaction, asked.part_of)
    if whole is None or whole.proposal.action.kind != budget_move.KIND:
        return
    found = came_of(transaction, whole.proposal).values()
    if all(one is not None and one.status is EffectStatus.DONE for one in found):
        record.about(transaction, "applied", whole.proposal, at=door.now, actor="system:gate")


def came_of(connection: sa.Connection, whole: Proposal) -> dict[str, Effect | None]:
    """What came of each part, by its target."""
    return {
        one.target: effects.of_proposal(connection, parts.part_id(whole.id, one.target))
        for one in budget_move.steps(whole.action)
    }


def budget_of(state: object) -> int | None:
    """The daily budget in a line item's state, in minor units; None where it says none."""
    minor = state.get("daily_budget_minor") if isinstance(state, Mapping) else None
    return minor if isinstance(minor, int) and not isinstance(minor, bool) else None
