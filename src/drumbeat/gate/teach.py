"""Teach: every override leaves a lesson that the next proposal in its context must obey."""

from collections.abc import Sequence

import sqlalchemy as sa

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.freeze import Scope
from drumbeat.core.governance.teaching import taught_by, taught_by_freeze, taught_words
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
    words: Sequence[tuple[str, str]] = (),
) -> None:
    """A proposal was rejected, edited (``instead``; of a launch ``words``, before and after) or
    its change rolled back by a person."""
    action = judged.proposal.action
    if words:
        for one in taught_words(action, words, (reason, code, entry), door.now):
            settings.add_constraint(transaction, one, door.now)
        return
    taught = taught_by(action, reason, code, entry, door.now, instead)
    settings.add_constraint(transaction, taught, door.now)


def teach_freeze(
    door: Door, transaction: sa.Connection, scope: Scope, reason: str, code: str, entry: str
) -> None:
    """A person froze something: after the thaw, agents ask there for a while."""
    taught = taught_by_freeze(scope, reason, code, entry, door.now)
    if taught is not None:
        settings.add_constraint(transaction, taught, door.now)
