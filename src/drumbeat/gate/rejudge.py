"""Rejudge: what today's rules of authority say of what was proposed then; nothing is submitted.

Only the checks that rest on the proposal and on rules are asked: who may, from which phase and
level, on how much confidence. What the others looked at is gone: holds, budgets, pace, the state of
the target.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.core.governance.checks import (
    c20_matrix,
    c22_proposer,
    c25_phase,
    c27_level,
    c30_tightened,
    c35_confidence,
)
from drumbeat.core.governance.facts import ApprovedPack, Facts
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight
from drumbeat.gate import levels, phases
from drumbeat.gate.door import Door
from drumbeat.store import proposals
from drumbeat.store.proposals import Judged, Status

_ASKED = (c20_matrix, c22_proposer, c25_phase, c27_level, c30_tightened, c35_confidence)
# Checks name themselves in their findings by the part of their file's name after the number.
_NAMES = frozenset(one.__name__.rpartition("_")[2] for one in _ASKED)


@dataclass(frozen=True)
class Rejudged:
    """A proposal that would be answered otherwise; of each time the findings that count."""

    proposal: Proposal
    was: tuple[Finding, ...]
    would_be: tuple[Finding, ...]

    @property
    def is_stricter(self) -> bool:
        return _weight(self.would_be) > _weight(self.was)


def rejudged(door: Door, connection: sa.Connection, cycle: str) -> tuple[int, tuple[Rejudged, ...]]:
    """How many proposals a cycle made, and those that would be answered otherwise."""
    found = proposals.of_cycle(connection, cycle)
    packs = {one.proposal.action.target: _pack(one) for one in found if _is_approved(one)}
    again = [_again(door, connection, one, packs) for one in found]
    return len(found), tuple(o for o in again if _weight(o.was) != _weight(o.would_be))


def _again(
    door: Door, connection: sa.Connection, then: Judged, packs: dict[str, ApprovedPack]
) -> Rejudged:
    facts = _facts(door, connection, then.proposal, packs)
    verdict = decide(then.proposal, [one.check for one in _ASKED], facts)
    was = tuple(one for one in then.verdict.findings if one.check in _NAMES)
    return Rejudged(then.proposal, was, verdict.findings)


def _facts(
    door: Door, connection: sa.Connection, proposal: Proposal, packs: dict[str, ApprovedPack]
) -> Facts:
    action, rules = proposal.action, door.rules
    own = rules.campaigns.get(action.campaign)
    earned = levels.level_of(door, connection, action.kind, str(action.channel))
    return Facts(
        now=door.now,
        policy=rules.version_for(action.campaign),
        row=rules.matrix.row(action.kind),
        phase=phases.phase_of(door, connection, action.campaign),
        connection_mode=None,
        level=earned if proposal.by.is_agent else None,
        proposer=rules.accounts.get(proposal.by.id) if proposal.by.is_person else None,
        pack=packs.get(f"pack:{proposal.pack}"),
        is_evergreen=own.is_evergreen if own else True,
        declared_kinds=rules.declared_kinds.get(proposal.by.id),
        tightened=dict(own.tightened) if own else {},
    )


def _is_approved(one: Judged) -> bool:
    """What people answered stays answered: a pack they approved covers its steps."""
    after = one.proposal.action.after
    return (
        one.status in (Status.APPROVED, Status.ALLOWED)
        and isinstance(after, dict)
        and isinstance(after.get("wanted"), dict)
    )


def _pack(one: Judged) -> ApprovedPack:
    wanted = one.proposal.action.after["wanted"]  # type: ignore[index,call-overload]
    steps = {str(t): tuple(map(str, d)) for t, d in wanted.items()}  # type: ignore[union-attr,arg-type]
    return ApprovedPack(one.proposal.action.target.removeprefix("pack:"), steps)


def _weight(findings: tuple[Finding, ...]) -> Weight:
    return max((one.weight for one in findings), default=Weight.NOTE)
