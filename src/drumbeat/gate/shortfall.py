"""Shortfall: what a move took and could not give is said, and giving it back is proposed.

Money that lies idle is nobody's silence: people are told what became of it and asked about it.
"""

from collections.abc import Mapping
from datetime import timedelta

from drumbeat.core.canonical import name
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.money import Money
from drumbeat.gate import parts, record
from drumbeat.gate.door import Door
from drumbeat.gate.sequence import budget_of, came_of
from drumbeat.gate.submit import submit
from drumbeat.store import ledger, proposals, settings
from drumbeat.store.effects import Effect, EffectStatus

FELL_SHORT = "move_fell_short"
_OVER = (EffectStatus.DONE, EffectStatus.REFUSED, EffectStatus.CANCELLED)
_LIFE = timedelta(days=7)
_WHY = "it was lowered for a move that did not come about: the money lies idle"


def look_after(door: Door, whole_id: str) -> None:
    """Once no part is under way: say what did not come about, and propose to give money back.

    Asking again changes nothing, so that a crash between loses neither.
    """
    with door.database.read() as connection:
        whole = proposals.load(connection, whole_id)
        found = came_of(connection, whole.proposal) if whole else {}
    if whole is None or not _is_short(found):
        return
    action = whole.proposal.action
    done = [one for one in budget_move.steps(action) if _is_done(found[one.target])]
    idle = -sum(one.by for one in done)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        mark = f"fell-short:{whole_id}"
        if not settings.get(transaction, mark):
            settings.put(transaction, mark, door.now.isoformat())
            record.about(
                transaction,
                FELL_SHORT,
                whole.proposal,
                at=door.now,
                actor="system:gate",
                idle_minor=idle,
                text=_sentence(action, idle, found),
            )
    for back in _backs(door, whole.proposal, [one.target for one in done if one.by < 0], idle):
        submit(door, back)


def _backs(door: Door, whole: Proposal, lowered: list[str], idle: int) -> list[Proposal]:
    """What was taken and lies idle goes back where it came from, as far as it is asked."""
    with door.database.read() as connection:
        ids = {one: parts.part_id(whole.id, one) for one in lowered}
        made = proposals.many(connection, list(ids.values()))
    found: list[Proposal] = []
    for target in lowered:
        action = made[ids[target]].proposal.action
        low, high = budget_of(action.after) or 0, budget_of(action.before) or 0
        share = min(idle, high - low)
        if share <= 0 or not isinstance(action.after, dict):
            continue
        idle -= share
        wanted = {**action.after, "daily_budget_minor": low + share}
        spend = Money(
            minor=-action.spend_delta.minor * share // (high - low),
            currency=action.spend_delta.currency,
        )
        found.append(
            propose(
                action.revised(before=action.after, after=wanted, spend_delta=spend),
                whole.by,
                _WHY,
                now=door.now,
                expires_at=door.now + _LIFE,
                evidence=(Evidence(text=whole.why, source=whole.id),),
                if_nothing="what both campaigns spend in all stays lower than before",
                occasion=name("back", whole.id),
            )
        )
    return found


def _sentence(action: Action, idle: int, found: Mapping[str, Effect | None]) -> str:
    giver, taker = budget_move.sides(action)
    why = "; ".join(
        dict.fromkeys(
            one.receipt.detail
            for one in found.values()
            if one is not None and one.status is not EffectStatus.DONE and one.receipt
        )
    )
    if idle <= 0:
        return f"no money was moved from {giver} to {taker}: {why}"
    money = Money(minor=idle, currency=action.spend_delta.currency)
    return (
        f"{money} a day was taken from {giver} and {taker} did not get it: {why}; "
        "giving it back is proposed"
    )


def _is_short(found: Mapping[str, Effect | None]) -> bool:
    """Every part is over, and some were not made."""
    ends = [one.status for one in found.values() if one is not None]
    is_over = len(ends) == len(found) and all(one in _OVER for one in ends)
    return is_over and any(one is not EffectStatus.DONE for one in ends)


def _is_done(one: Effect | None) -> bool:
    return one is not None and one.status is EffectStatus.DONE
