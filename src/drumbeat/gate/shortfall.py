"""Shortfall: what a move took and could not give is said, and giving it back is proposed.

Money that lies idle is nobody's silence: people are told what became of it and asked about it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

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
_LIFE, _STUCK = timedelta(days=7), timedelta(days=1)
_ENDING = "; giving it back is proposed"
_WAITS = {
    EffectStatus.READY: "its turn has not come",
    EffectStatus.HELD: "a freeze holds it",
    EffectStatus.IN_FLIGHT: "its platform has not answered",
    EffectStatus.PENDING: "its platform has yet to decide",
    EffectStatus.UNKNOWN: "its platform has not answered",
    EffectStatus.HUMAN: "a person must look whether it was made",
}
_WHY = "it was lowered for a move that did not come about: the money lies idle"


def look_after(door: Door, whole_id: str) -> None:
    """Once no part is under way: say what did not come about, and propose to give money back. Where
    one has been under way for a day, say that money lies idle.

    Asking again changes nothing, so that a crash between loses neither.
    """
    with door.database.read() as connection:
        whole = proposals.load(connection, whole_id)
        found = came_of(connection, whole.proposal) if whole else {}
    if whole is None:
        return
    done = [one for one in budget_move.steps(whole.proposal.action) if _is_done(found[one.target])]
    idle = -sum(one.by for one in done)
    text = _sentence(whole.proposal.action, idle, found)
    if _is_short(found):
        _tell(door, whole.proposal, idle, text + (_ENDING if idle else ""))
        for back in _backs(door, whole.proposal, [one.target for one in done if one.by < 0], idle):
            submit(door, back)
    elif idle > 0 and _is_stuck(found, door.now):
        _tell(door, whole.proposal, idle, text, mark="stuck")


def _tell(door: Door, whole: Proposal, idle: int, text: str, mark: str = "fell-short") -> None:
    """Once for each way to fall short."""
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        if settings.get(transaction, f"{mark}:{whole.id}"):
            return
        settings.put(transaction, f"{mark}:{whole.id}", door.now.isoformat())
        record.about(
            transaction,
            FELL_SHORT,
            whole,
            at=door.now,
            actor="system:gate",
            idle_minor=idle,
            text=text,
        )


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
    why = "; ".join(dict.fromkeys(_why_not(one) for one in found.values() if not _is_done(one)))
    if idle <= 0:
        return f"no money was moved from {giver} to {taker}: {why}"
    money = Money(minor=idle, currency=action.spend_delta.currency)
    return f"{money} a day was taken from {giver} and {taker} did not get it: {why}"


def _why_not(one: Effect | None) -> str:
    if one is None:
        return "it was never sent"
    return _WAITS.get(one.status) or (one.receipt.detail if one.receipt else "")


def _is_short(found: Mapping[str, Effect | None]) -> bool:
    """Every part is over, and some were not made."""
    ends = [one.status for one in found.values() if one is not None]
    is_over = len(ends) == len(found) and all(one in _OVER for one in ends)
    return is_over and any(one is not EffectStatus.DONE for one in ends)


def _is_stuck(found: Mapping[str, Effect | None], now: datetime) -> bool:
    """What was taken was taken a day ago, and something is still under way."""
    ends = [one.finished_at for one in found.values() if one is not None and _is_done(one)]
    return all(at is not None and now - at >= _STUCK for at in ends)


def _is_done(one: Effect | None) -> bool:
    return one is not None and one.status is EffectStatus.DONE
