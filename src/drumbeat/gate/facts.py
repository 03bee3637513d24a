"""Facts: gathers the snapshot that a judgement looks at, inside the judging transaction."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.connectors.contract import ConnectorError
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.budget import Headroom
from drumbeat.core.governance.facts import (
    ApprovedPack,
    Constraint,
    DailyRoom,
    Facts,
    PastChange,
    Unread,
)
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.size import relative_size
from drumbeat.core.governance.verdict import Finding, Weight
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money
from drumbeat.gate import agreed, internal, levels, parts, phases, registry
from drumbeat.gate.door import Door, NoPlatform, platform_of
from drumbeat.gate.exposure import exposures
from drumbeat.gate.scopes import caps_at
from drumbeat.store import budgets, effects, experiments, holds, objects, proposals, settings
from drumbeat.store.objects import LiveObject
from drumbeat.store.proposals import Status

# How far back changes of the same target count for cool-downs and daily limits.
_LOOK_BACK = timedelta(days=31)
_DAY = timedelta(days=1)
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


def is_away(action: Action, current: JsonValue | Unread) -> bool:
    """Whether nothing could be read because its platform does not answer just now."""
    return current is Unread.UNREAD and not (
        action.kind in KINDS and KINDS[action.kind].is_internal
    )


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
        policy=rules.version_for(action.campaign),
        row=rules.matrix.row(action.kind),
        level=_level(door, connection, proposal),
        phase=phases.phase_of(door, connection, action.campaign),
        connection_mode=internal.mode_of(door, connection, action.connection),
        holds=holds.in_force(connection),
        current=current,
        proposer=rules.accounts.get(proposal.by.id) if proposal.by.is_person else None,
        headrooms=_headrooms(door, connection, proposal),
        promised_lately=_promised_lately(door, connection, proposal),
        daily_room=_daily_room(door, connection, action),
        most_change=own.per_change if own else None,
        past_changes=_past_changes(door, connection, proposal),
        pack=_approved_pack(door, connection, proposal),
        is_agreed=agreed.is_agreed(door, connection, proposal),
        is_evergreen=own.is_evergreen if own else True,
        declared_kinds=rules.declared_kinds.get(proposal.by.id),
        tightened=_tightened(door, action),
        constraints=_constraints(connection),
        data_problems=own.data_problems if own else (),
        under_test=experiments.under_test(connection),
        owners=_owners(door, proposal),
        parts=_parts(door, connection, proposal),
        registry=registry.objection(door, connection, proposal),
        is_leaning=registry.is_leaning(connection, action),
        is_against_rule=registry.is_against_rule(connection, action),
    )


def _level(door: Door, connection: sa.Connection, proposal: Proposal) -> Level | None:
    """What agents have earned; nobody asks it of people."""
    action = proposal.action
    if not proposal.by.is_agent:
        return None
    return levels.level_of(door, connection, action.kind, str(action.channel))


def _parts(door: Door, connection: sa.Connection, proposal: Proposal) -> tuple[Finding, ...]:
    """What the checks say of each change that a move of money is made of. Whether its target still
    is as we knew it is asked of its platform before it goes out."""
    if proposal.action.kind != budget_move.KIND:
        return ()
    try:
        made = parts.parts_of(door, connection, proposal)
    except ValueError as error:
        fix = "propose it afresh"
        return (Finding(check="parts", weight=Weight.FORBID, text=str(error), fix=fix),)
    said: dict[Finding, list[str]] = {}
    for one in made:
        facts = gather(door, connection, one, one.action.before)
        for found in decide(one, door.checks, facts).findings:
            said.setdefault(found, []).append(one.action.target)
    return tuple(
        # What is true of every part is said once.
        found
        if len(targets) == len(made)
        else found.model_copy(update={"text": f"{', '.join(targets)}: {found.text}"})
        for found, targets in said.items()
    )


def _concerned(action: Action) -> tuple[str, ...]:
    """The campaigns a change is about: both sides of a move, else its own."""
    return budget_move.sides(action) if action.kind == budget_move.KIND else (action.campaign,)


def _tightened(door: Door, action: Action) -> dict[str, str]:
    """What the files of the campaigns concerned say more strictly than the matrix: what is more
    than asking stands before it."""
    found: dict[str, str] = {}
    for name in _concerned(action):
        own = door.rules.campaigns.get(name)
        for kind, rule in own.tightened.items() if own else ():
            if found.get(kind) in (None, "ask"):
                found[kind] = rule
    return found


def _owners(door: Door, proposal: Proposal) -> tuple[str, ...]:
    """Who answers for the campaigns concerned, but who proposes it or edited it."""
    action, accounts = proposal.action, door.rules.accounts
    rules = (door.rules.campaigns.get(one) for one in _concerned(action))
    named = [accounts[own.owner] for own in rules if own is not None and own.owner in accounts]
    proposer = accounts.get(proposal.by.id) if proposal.by.is_person else None
    barred = {proposal.editor, proposer.person if proposer else ""}
    able = [one for one in named if one.may_decide]
    return tuple(dict.fromkeys(one.id for one in able if one.person not in barred))


def scopes_of(door: Door, action: Action) -> tuple[str, ...]:
    """The scopes whose caps over time the action's spend counts against."""
    return tuple(caps_at(door.rules, action.campaign, door.now))


def _headrooms(door: Door, connection: sa.Connection, proposal: Proposal) -> tuple[Headroom, ...]:
    """What is left under each cap, leaving out what this very proposal reserved before; asked only
    of what adds spend."""
    action, rules = proposal.action, door.rules
    if action.spend_delta.minor <= 0:
        return ()
    own = rules.campaigns.get(action.campaign)
    mine = budgets.reserved_by(connection, proposal.id, door.now)
    once = (
        (f"campaign:{action.campaign}", own.per_action if own else None),
        (
            "workspace",
            rules.per_action,
        ),
    )
    found = [
        Headroom(scope=f"{scope}/action", cap=cap, committed=Money.zero(cap.currency))
        for scope, cap in once
        if cap is not None
    ]
    for line in exposures(door, connection, action.campaign):
        own_part = Money(minor=mine.get(line.scope, 0), currency=line.cap.currency)
        committed = max(line.committed - own_part, line.spent or Money.zero(line.cap.currency))
        found.append(Headroom(scope=line.scope, cap=line.cap, committed=committed))
    # A cap on one change alone covers no spend: without a cap over time nothing may be spent.
    return tuple(found) if any(not h.scope.endswith("/action") for h in found) else ()


def _promised_lately(door: Door, connection: sa.Connection, proposal: Proposal) -> Money | None:
    """What the campaign promised within a day, where the row sets a limit to that."""
    row = door.rules.matrix.row(proposal.action.kind)
    limited = isinstance(row, Row) and row.limits.spend_per_day is not None
    scope = next(iter(caps_at(door.rules, proposal.action.campaign, door.now)), None)
    if not limited or scope is None or proposal.action.spend_delta.minor <= 0:
        return None
    since = door.now - _DAY
    minor = budgets.promised_since(connection, scope.partition("/")[0], since, proposal.id)
    return Money(minor=minor, currency=proposal.action.spend_delta.currency)


def _daily_room(door: Door, connection: sa.Connection, action: Action) -> DailyRoom | None:
    """The campaign's daily ceiling beside what its other line items may cost a day."""
    own = door.rules.campaigns.get(action.campaign)
    if own is None or own.per_day is None or not _has_daily_budget(action.after):
        return None
    running = sum(
        int(one.state["daily_budget_minor"])
        for one in objects.of_campaign(connection, action.campaign, after=door.now)
        if one.target != action.target and _is_live(one, door.now) and _has_daily_budget(one.state)
    )
    platform = door.platforms.get(action.connection)
    return DailyRoom(
        own.per_day,
        Money(minor=running, currency=own.per_day.currency),
        platform.overspend if platform else 1.0,
    )


def _is_live(one: LiveObject, now: datetime) -> bool:
    return one.ends_at is None or one.ends_at > now


def _has_daily_budget(state: object) -> bool:
    """Whether this is a running line item."""
    return (
        isinstance(state, dict)
        and isinstance(state.get("daily_budget_minor"), int)
        and state.get("status", "active") == "active"
    )


def _past_changes(
    door: Door, connection: sa.Connection, proposal: Proposal
) -> tuple[PastChange, ...]:
    """Changes of the same kind and target that were made, or are on their way: counted from the
    moment they were let go, so that several at once cannot slip under a limit together."""
    action, since, found = proposal.action, door.now - _LOOK_BACK, []
    others = effects.others_of(connection, action.target, action.kind, since, proposal.id)
    for other, at in others:
        judged = proposals.load(connection, other)
        if judged is not None:
            found.append(PastChange(at or door.now, relative_size(judged.proposal.action)))
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
    policy = door.rules.version_for(judged.proposal.action.campaign)
    if judged.policy != policy or door.now >= judged.proposal.expires_at:
        return None
    after = judged.proposal.action.after
    if not isinstance(after, dict) or not isinstance(after.get("wanted"), dict):
        return None
    wanted = {str(t): tuple(map(str, d)) for t, d in after["wanted"].items()}  # type: ignore[union-attr,arg-type]
    return ApprovedPack(digest=proposal.pack, wanted=wanted)


def _constraints(connection: sa.Connection) -> tuple[Constraint, ...]:
    return settings.constraints(connection)
