"""Call back: a freeze also stops what platforms hold for us: scheduled mails and posts, and calls
that were on their way when it came.

Each is cancelled where the platform can, as a change of the system's own, which only takes risk
away. What it called back is proposed again at the thaw; see thaw.py.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.connectors.contract import Capability
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import inverse, lowers_risk
from drumbeat.core.governance.freeze import Hold, covers
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.gate.agreed import FREEZER
from drumbeat.gate.door import Door
from drumbeat.gate.submit import submit
from drumbeat.store import effects, objects, proposals
from drumbeat.store.proposals import Status

_LIFE = timedelta(days=1)


def call_back(door: Door, frozen: tuple[Hold, ...]) -> None:
    """Cancel everything under a freeze that would still go out. Repeating it changes nothing."""
    if not frozen:
        return
    with door.database.read() as connection:
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
        f"{occasion(hold)}: {hold.reason}",
        now=now,
        expires_at=now + _LIFE,
        occasion=f"{hold.id}/{made.id}",
    ).model_copy(update={"takes_back": made.id})


def occasion(hold: Hold) -> str:
    """The words by which what a freeze called back is found again."""
    return f"{hold.scope} was frozen ({hold.id})"
