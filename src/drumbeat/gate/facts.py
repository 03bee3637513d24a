"""Facts: gathers the snapshot that a judgement looks at, inside the judging transaction."""

from datetime import timedelta

import sqlalchemy as sa
from pydantic import JsonValue

from drumbeat.connectors.contract import ConnectorError
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.budget import Headroom
from drumbeat.core.governance.facts import ApprovedPack, Constraint, Facts, PastChange, Unread
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.size import relative_size
from drumbeat.core.money import Money
from drumbeat.gate import internal, phases
from drumbeat.gate.door import Door, NoPlatform, platform_of
from drumbeat.gate.scopes import caps_at
from drumbeat.store import budgets, effects, holds, proposals, settings
from drumbeat.store.proposals import Status

# How far back changes of the same target count for cool-downs and daily limits.
_LOOK_BACK = timedelta(days=14)
PACK_KIND = "campaign.launch"


def read_current(door: Door, action: Action) -> JsonValue | Unread:
    """The target's state on its platform. Called before the transaction: it may take a while."""
    kind = KINDS.get(action.kind)
    if kind is None or kind.is_internal:
        return Unread.UNREAD
    try:
        found = platform_of(door, action.connection).connector.read(action.target)
    except (ConnectorError, NoPlatform):
        return Unread.UNREAD
    return found.state if found else None


def gather(
    door: Door, connection: sa.Connection, proposal: Proposal, current: JsonValue | Unread
) -> Facts:
    """Everything the checks may ask about this proposal, as of now."""
    action, rules, now = proposal.action, door.rules, door.now
    kind = KINDS.get(action.kind)
    if kind is not None and kind.is_internal:
        current = internal.read(door, connection, action)
    own = rules.campaigns.get(action.campaign)
    return Facts(
        now=now,
        policy=rules.version,
        row=rules.matrix.row(action.kind),
        phase=phases.phase_of(door, connection, action.campaign),
        connection_mode=internal.mode_of(door, connection, action.connection),
        holds=holds.in_force(connection),
        current=current,
        headrooms=_headrooms(door, connection, proposal),
        past_changes=_past_changes(door, connection, action),
        pack=_approved_pack(door, connection, proposal),
        is_evergreen=own.is_evergreen if own else True,
        declared_kinds=rules.declared_kinds.get(proposal.by.id),
        tightened=dict(own.tightened) if own else {},
        constraints=_constraints(connection),
        data_problems=own.data_problems if own else (),
        under_test=frozenset(settings.get(connection, "under-test", [])),
    )


def scopes_of(door: Door, action: Action) -> tuple[str, ...]:
    return tuple(caps_at(door.rules, action.campaign, door.now))


def _headrooms(door: Door, connection: sa.Connection, proposal: Proposal) -> tuple[Headroom, ...]:
    """What is left under each cap, leaving out what this very proposal reserved before."""
    reserved = budgets.reserved_by(connection, proposal.id, door.now)
    return tuple(
        Headroom(
            scope=scope,
            cap=cap.amount,
            committed=Money(
                minor=budgets.committed(connection, scope, door.now) - reserved.get(scope, 0),
                currency=cap.amount.currency,
            ),
        )
        for scope, cap in caps_at(door.rules, proposal.action.campaign, door.now).items()
    )


def _past_changes(door: Door, connection: sa.Connection, action: Action) -> tuple[PastChange, ...]:
    found = []
    for effect in effects.changes_of(connection, action.target, door.now - _LOOK_BACK):
        judged = proposals.load(connection, effect.proposal)
        if judged and judged.proposal.action.kind == action.kind and effect.finished_at:
            size = relative_size(judged.proposal.action)
            found.append(PastChange(effect.finished_at, size))
    return tuple(found)


def _approved_pack(
    door: Door, connection: sa.Connection, proposal: Proposal
) -> ApprovedPack | None:
    """The pack's contents, if people approved it, under today's policy, and it is still timely."""
    if not proposal.pack:
        return None
    judged = proposals.of_target(connection, f"pack:{proposal.pack}")
    if judged is None or judged.status not in (Status.APPROVED, Status.ALLOWED):
        return None
    if judged.policy != door.rules.version or door.now >= judged.proposal.expires_at:
        return None
    after = judged.proposal.action.after
    if not isinstance(after, dict) or not isinstance(after.get("wanted"), dict):
        return None
    wanted = {str(t): tuple(map(str, d)) for t, d in after["wanted"].items()}  # type: ignore[union-attr,arg-type]
    return ApprovedPack(digest=proposal.pack, wanted=wanted)


def _constraints(connection: sa.Connection) -> tuple[Constraint, ...]:
    return settings.constraints(connection)
