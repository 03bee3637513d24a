"""Call back: a freeze also stops what platforms hold for us: scheduled mails and posts, and calls
that were on their way when it came.

Each is cancelled where the platform can, as a change of the system's own, which only takes risk
away. What it called back is proposed again at the thaw, and judged like anything else.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.connectors.contract import Capability
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import inverse, lowers_risk
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import Hold, HoldMode, covers
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.gate.door import Door
from drumbeat.gate.submit import submit
from drumbeat.store import effects, holds, objects, proposals
from drumbeat.store.effects import EffectStatus
from drumbeat.store.proposals import Status

FREEZER = Actor.system("freeze")
_LIFE = timedelta(days=1)


def call_back(door: Door) -> None:
    """Cancel everything under a freeze that would still go out. Repeating it changes nothing."""
    with door.database.read() as connection:
        frozen = [h for h in holds.in_force(connection) if h.mode is HoldMode.FREEZE]
        wanted = [
            _cancel(hold, made, back, door.now)
            for hold in frozen
            for made in _reachable(door, connection, hold)
            if (back := inverse(made.action)) is not None and lowers_risk(back)
        ]
        known = proposals.many(connection, [one.id for one in wanted])
    for asked in wanted:
        if asked.id not in known or known[asked.id].status is Status.DENIED:
            submit(door, asked)


def send_again(door: Door, hold: Hold) -> None:
    """Propose once more what this freeze called back, where its moment is still ahead."""
    with door.database.read() as connection:
        cancelled = [
            judged.proposal
            for judged in proposals.by_actor(connection, str(FREEZER), hold.at)
            if _occasion(hold) in judged.proposal.why and _is_done(connection, judged.proposal.id)
        ]
        made = proposals.many(connection, [one.takes_back for one in cancelled])
    for judged in made.values():
        asked, moment = judged.proposal, _moment(judged.proposal.action)
        if moment is None or moment > door.now:
            again = propose(
                asked.action,
                asked.by,
                asked.why,
                now=door.now,
                expires_at=max(asked.expires_at, door.now + _LIFE),
                confidence=asked.confidence,
                pack=asked.pack,
                occasion=f"after {hold.id}",
            )
            submit(door, again)


def _reachable(door: Door, connection: sa.Connection, hold: Hold) -> Iterator[Proposal]:
    """The changes under this freeze that are scheduled, or came through after it."""
    scheduled = {one.target for one in objects.scheduled(connection, door.now)}
    for effect in effects.last_changes(connection, scheduled, hold.at):
        platform = door.platforms.get(effect.connection)
        judged = proposals.load(connection, effect.proposal)
        if judged is None or platform is None or Capability.CANCEL not in platform.capabilities:
            continue
        asked = judged.proposal
        if covers(hold, asked.action, asked.by) and not lowers_risk(asked.action):
            yield asked


def _cancel(hold: Hold, made: Proposal, back: Action, now: datetime) -> Proposal:
    return propose(
        back,
        FREEZER,
        f"{_occasion(hold)}: {hold.reason}",
        now=now,
        expires_at=now + _LIFE,
        occasion=f"{hold.id}/{made.id}",
    ).model_copy(update={"takes_back": made.id})


def _occasion(hold: Hold) -> str:
    return f"{hold.scope} was frozen ({hold.id})"


def _is_done(connection: sa.Connection, proposal_id: str) -> bool:
    effect = effects.of_proposal(connection, proposal_id)
    return effect is not None and effect.status is EffectStatus.DONE


def _moment(action: Action) -> datetime | None:
    state = action.after if isinstance(action.after, dict) else {}
    at = state.get("send_at") or state.get("publish_at")
    return datetime.fromisoformat(at) if isinstance(at, str) else None
