"""Teach: every override leaves a lesson that the next proposal in its context must obey."""

import sqlalchemy as sa

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.freeze import Scope
from drumbeat.core.governance.teaching import taught_by, taught_by_freeze
from drumbeat.gate.door import Door
from drumbeat.store import settings
from drumbeat.store.proposals import Judged


def teach(
    door: Door,
    transaction: sa.Connection,
    judged: Judged,
    reason: str,
    code: str,
    entry: str,
    instead: Action | None = None,
) -> None:
    """A proposal was rejected, edited (``instead``) or its change rolled back by a person."""
    action = judged.proposal.action
    taught = taught_by(action, reason, code, entry, door.now, instead)
    settings.add_constraint(transaction, taught, door.now)


def teach_freeze(
    door: Door, transaction: sa.Connection, scope: Scope, reason: str, code: str, entry: str
) -> None:
    """A person froze something: after the thaw, agents ask there for a while."""
    taught = taught_by_freeze(scope, reason, code, entry, door.now)
    if taught is not None:
        settings.add_constraint(transaction, taught, door.now)
