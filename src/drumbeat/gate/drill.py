"""Drill: something wrong on purpose, shown to who asked for it; no answer to it does anything.

A drill is made anew whenever it is looked at and is kept nowhere: there is no proposal of its id,
so nothing that approves, edits, hands over or carries out can find one. Of the answer only
whether it was caught is kept. It counts in no ladder, promise, lesson or figure of agents.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.drill import PREFIX, Spoilt, Thing, draw, id_of, is_due, spoilt
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Ask
from drumbeat.gate.door import Door
from drumbeat.gate.facts import gather
from drumbeat.store import drills, ledger, objects
from drumbeat.store.drills import Drilled
from drumbeat.store.objects import LiveObject
from drumbeat.store.proposals import Judged, Status

_NIGHT = 3
_BY = {"ads.set_budget": "optimizer"}
# Who would be asked about the thing a drill is about, at most so many are tried.
_TRIED = 20


@dataclass(frozen=True)
class NoDrill:
    """There is none of that name for this person today, or it was answered."""


def is_drill(name: str) -> bool:
    """Whether an id names a drill rather than a proposal."""
    return name.startswith(f"{PREFIX}-")


def of(door: Door, connection: sa.Connection, account: str) -> tuple[Judged, Spoilt] | None:
    """The drill that waits for this person today, as if it had been judged; None on other days,
    for who did not ask for it, and once it was answered."""
    rules = door.rules
    known = rules.person(account)
    local = door.now.astimezone(ZoneInfo(rules.timezone))
    if account not in rules.drilled or known is None:
        return None
    if not is_due(account, local.date(), rules.drill_every):
        return None
    drill_id = id_of(account, local.date())
    if drills.load(connection, drill_id) is not None:
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    night = (midnight + timedelta(days=1)).replace(hour=_NIGHT)
    for thing in _things(door, connection, account, midnight):
        found = spoilt(thing, night, rules.currency)
        row = rules.matrix.row(found.action.kind) if found else None
        if found is None or not isinstance(row, Row):
            continue
        if known.roles.isdisjoint(row.approvals.roles):
            continue
        judged = _judged(door, connection, drill_id, found, midnight)
        if judged is not None:
            return judged, found
    return None


def answer(
    door: Door, drill_id: str, account: str, fingerprint: str, *, agreed: bool
) -> Drilled | NoDrill:
    """Note whether it was caught; the only thing an answer does."""
    with door.database.write() as transaction:
        found = of(door, transaction, account)
        if found is None or found[0].proposal.id != drill_id:
            return NoDrill()
        judged, wrong = found
        if judged.proposal.fingerprint != fingerprint:
            return NoDrill()
        made = Drilled(
            drill_id, account, door.now, wrong.action.kind, wrong.flaw, is_caught=not agreed
        )
        drills.add(transaction, made)
        ledger.append(
            transaction,
            "drilled",
            at=door.now,
            actor=f"person:{account}",
            subject=drill_id,
            caught=made.is_caught,
            action=made.kind,
            about=wrong.action.target,
            text=wrong.flaw,
        )
    return made


def _things(door: Door, connection: sa.Connection, account: str, midnight: datetime) -> list[Thing]:
    """What went out before today, beginning anywhere: the person and the day decide where."""
    day = midnight.date()
    found = [
        one
        for name in sorted(door.rules.campaigns)
        for one in objects.of_campaign(connection, name)
        if one.goes_out_at < midnight and isinstance(one.state, dict)
    ]
    first = draw(account, day, len(found)) if found else 0
    return [_thing(one) for one in (*found[first:], *found[:first])[:_TRIED]]


def _thing(one: LiveObject) -> Thing:
    return Thing(
        one.target,
        one.campaign,
        one.cycle,
        Channel(one.channel),
        one.connection,
        one.state,
        one.goes_out_at,
    )


def _judged(
    door: Door, connection: sa.Connection, drill_id: str, found: Spoilt, midnight: datetime
) -> Judged | None:
    """As the gate's own checks see it; None where they would not ask a person."""
    asked = Proposal(
        id=drill_id,
        action=found.action,
        by=Actor.agent(_BY.get(found.action.kind, "launcher")),
        why=found.why,
        proposed_at=midnight,
        expires_at=midnight + timedelta(days=1),
        if_nothing="everything stays as it is",
    )
    facts = gather(door, connection, asked, found.action.before)
    verdict = decide(asked, door.checks, facts)
    if not isinstance(verdict, Ask):
        return None
    return Judged(
        proposal=asked,
        verdict=verdict,
        status=Status.WAITING,
        policy=facts.policy,
        decide_by=asked.expires_at,
        decided_at=None,
        decided_by="",
        reason="",
    )
